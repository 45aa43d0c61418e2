package main

// Cells have an embedded SQLite without a network: sql.Open("sqlite3", "file:notes.db"). It is SQLite itself, as WebAssembly, compiled when a session opens its
// first database. Until then it costs a session or a worker nothing that could be measured: the start of 60 processes with and without it, in turns, differed by
// less than it varies. The same source translated to Go (modernc.org/sqlite) would open at once, but takes three times as long to build.
import (
	_ "github.com/ncruces/go-sqlite3/driver"
	_ "github.com/ncruces/go-sqlite3/embed"
)
