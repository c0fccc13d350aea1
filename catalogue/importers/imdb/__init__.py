"""IMDb's non-commercial datasets: https://developer.imdb.com/non-commercial-datasets/ (read from local files only)."""
