package webtest_test

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gobraid/gobraid/concurrency/webtest"
)

func ExampleServer() {
	s := webtest.New().WithLatency(time.Millisecond).WithFailures(2, http.StatusServiceUnavailable)
	defer s.Close()
	for range 3 {
		resp, err := http.Get(s.URL("/bytes/26"))
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Println(resp.Status, len(body))
	}
	fmt.Println(s.Stats())
	http.DefaultClient.CloseIdleConnections()
	// Output:
	// 200 OK 26
	// 503 Service Unavailable 20
	// 200 OK 26
	// 3 requests, 0 active, 1 at most at a time, 1 connections, 72 bytes, 200 2 times, 503 1 times
}
