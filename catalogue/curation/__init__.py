"""What editors' work sets in motion, beyond the row they saved."""
