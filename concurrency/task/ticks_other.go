//go:build !amd64

package task

func readTicks() int64 { return 0 }

func ticksSteady() bool { return false }
