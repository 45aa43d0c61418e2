package main

import (
	"context"
	"fmt"
	"log"
	"syscall"
	"time"

	"github.com/gobraid/gobraid/concurrency/loop"
	"github.com/gobraid/gobraid/concurrency/web"
)

// cpu returns the processor time of the process, in seconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func nothing(context.Context) (int, error) { return 1, nil }

// report does a piece of work and prints the seconds that it took.
func report(work string, n int, url string) {
	_, err := loop.Run(context.Background(), func(ctx context.Context) (int, error) {
		wall, used := time.Now(), cpu()
		less, err := do(ctx, work, n, url)
		fmt.Println(time.Since(wall).Seconds()-less, cpu()-used)
		return 0, err
	})
	if err != nil {
		log.Fatal(err)
	}
}

// do does a piece of work. It returns what is to be taken off its time.
func do(ctx context.Context, work string, n int, url string) (less float64, err error) {
	same := func(f func(context.Context) (int, error), n int) []func(context.Context) (int, error) {
		fs := make([]func(context.Context) (int, error), n)
		for i := range fs {
			fs[i] = f
		}
		return fs
	}
	client := web.NewClient().WithLimit(0)
	defer client.Close()
	switch work {
	case "gather":
		_, err = loop.Gather(ctx, same(nothing, n)...)
	case "group":
		err = loop.Group(ctx, func(ctx context.Context, g *loop.TaskGroup) error {
			for range n {
				g.Go(func(context.Context) error { return nil })
			}
			return nil
		})
	case "switch":
		_, err = loop.Gather(ctx, same(func(ctx context.Context) (int, error) {
			for range n / 2 {
				loop.Sleep(ctx, 0)
			}
			return 0, nil
		}, 2)...)
	case "sleepers":
		_, err = loop.Gather(ctx, same(func(ctx context.Context) (int, error) { return 0, loop.Sleep(ctx, 50*time.Millisecond) }, n)...)
		return 0.05, err
	case "wait_for":
		for range n {
			if _, err := loop.WaitFor(ctx, time.Second, loop.CreateTask(ctx, nothing)); err != nil {
				return 0, err
			}
		}
	case "cancel":
		for range n {
			t := loop.CreateTask(ctx, func(ctx context.Context) (int, error) { return 0, loop.Sleep(ctx, time.Hour) })
			loop.Sleep(ctx, 0)
			t.Cancel()
			loop.Await(ctx, t)
		}
	case "to_thread":
		for range n {
			if _, err := loop.ToThread(ctx, nothing); err != nil {
				return 0, err
			}
		}
	case "http 20 ms":
		_, err = loop.Gather(ctx, same(func(ctx context.Context) (int, error) {
			text, err := client.GetText(ctx, url+"/delay/0.02")
			return len(text), err
		}, n)...)
	case "http fast":
		left := n
		_, err = loop.Gather(ctx, same(func(ctx context.Context) (int, error) {
			for left > 0 {
				left--
				if _, err := client.GetText(ctx, url+"/bytes/10"); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}, 64)...)
	}
	return 0, err
}
