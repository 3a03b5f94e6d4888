"""The benchmark of the whole program: works, contenders, measuring, and the table that comes of it."""
