//go:build !race

package normal_test

const raceDetector = false
