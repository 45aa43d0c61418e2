package measure

import (
	"strings"

	"github.com/gobraid/gobraid/concurrency/internal/svg"
)

// wrap breaks a text into lines that are at most as wide as there is room.
func wrap(text string, width, size float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && svg.Width(line+" "+word, size) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, svg.Fit(line, width, size))
	}
	return lines
}
