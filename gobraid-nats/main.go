// Command gobraid-nats is the nats-server of `gobraid cluster`, which starts it: a program of its own, so that sessions and workers
// do not carry it. It ends when its standard input does, and so with the program that started it, however that ends; the
// signals of a terminal are left to that program.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/gobraid/gobraid/gobraid-nats/server"
)

func main() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	os.Exit(server.Main(os.Stdin, os.Stdout, os.Stderr))
}
