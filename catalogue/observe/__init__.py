"""What the site says of itself: request ids, logs without personal data, slow pages and queries, counters. Leaves."""
