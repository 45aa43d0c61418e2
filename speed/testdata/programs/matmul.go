package main

import (
	"fmt"
	"time"
)

func matrix(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = float64(i * j % 7)
		}
	}
	return m
}

func work() {
	n := 150
	a, b, c := matrix(n), matrix(n), matrix(n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			t := 0.0
			for k := 0; k < n; k++ {
				t += a[i][k] * b[k][j]
			}
			c[i][j] = t
		}
	}
}

func main() {
	start := time.Now()
	work()
	fmt.Println(time.Since(start).Seconds())
}
