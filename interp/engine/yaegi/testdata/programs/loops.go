// Loops, labels, switch.
package main

import "fmt"

func find(m [][]int, want int) (int, int) {
outer:
	for i, row := range m {
		for j, v := range row {
			switch {
			case v == want:
				return i, j
			case v < 0:
				continue outer
			case v > 100:
				break outer
			}
		}
	}
	return -1, -1
}

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80:
		return "B"
	}
	return "C"
}

func kinds(n int) (s string) {
	switch n {
	case 0:
		s = "zero"
	case 1, 2, 3:
		s = "small"
		if n == 2 {
			break
		}
		s += "!"
	case 4:
		s = "four"
		fallthrough
	case 5:
		s += "five"
	default:
		s = "many"
	}
	return
}

func side(s string, v int) int { fmt.Print(s, " "); return v }

func main() {
	m := [][]int{{1, 2}, {-1, 7}, {3, 4}, {101, 9}}
	fmt.Println(find(m, 4))
	fmt.Println(find(m, 7))
	fmt.Println(find(m, 9))
	for _, n := range []int{95, 85, 1} {
		fmt.Print(grade(n), " ")
	}
	for n := range 7 {
		fmt.Print(kinds(n), " ")
	}
	fmt.Println()
	n := 0
	for n < 5 {
		n++
		if n == 3 {
			continue
		}
		fmt.Print(n, " ")
	}
	for {
		n--
		if n == 0 {
			break
		}
	}
	fmt.Println(n)
	for i, j := 0, 10; i < j; i, j = i+1, j-2 {
		fmt.Print(i, ",", j, " ")
	}
	fmt.Println()
	for i := range 3 {
		i *= 2
		fmt.Print(i, " ")
	}
	var k int
	for k = range 4 {
	}
	fmt.Println(k)
	for range 2 {
		fmt.Print("x")
	}
	fmt.Println()
	switch side("tag", 2) {
	case side("one", 1), side("two", 2), side("three", 3):
		fmt.Println("hit")
	case side("four", 4):
		fmt.Println("miss")
	}
	switch x := side("init", 1); {
	case x > 0 && side("and", 0) == 0 || side("or", 0) == 0:
		fmt.Println("yes", x)
	}
	s := []int{1, 2, 3}
	for i, v := range s {
		if i == 0 {
			s = append(s, 9)
			s[1] = 50
		}
		fmt.Print(v, " ")
	}
	fmt.Println(len(s))
	a := [3]int{1, 2, 3}
	for i, v := range a {
		a[2] = 10
		fmt.Print(i, v, " ")
	}
	for i := range a {
		fmt.Print(a[i], " ")
	}
	fmt.Println()
	for i, r := range "aé\xff世" {
		fmt.Print(i, ":", r, " ")
	}
	for i := range "añ" {
		fmt.Print(i, " ")
	}
	fmt.Println()
	counts := map[int]bool{}
	for i := range 100 {
		counts[i] = true
	}
	seen := 0
	for i := range counts {
		seen++
		for j := range 100 {
			if j != i {
				delete(counts, j)
			}
		}
	}
	fmt.Println(seen, len(counts))
	switch "b" + "" {
	case "a":
	case "b":
		fmt.Println("b")
	}
	var e error
	switch e {
	case nil:
		fmt.Println("nil")
	}
	i := 0
loop:
	for {
		switch {
		case i > 3:
			break loop
		default:
			i++
			continue loop
		}
	}
	fmt.Println(i)
}
