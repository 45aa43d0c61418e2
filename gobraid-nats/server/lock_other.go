//go:build !unix

package server

import "os"

// lock opens the file only: that nobody else has the store is left to the user here.
func lock(name string) (*os.File, error) { return os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600) }
