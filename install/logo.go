package install

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
)

// The logo is a braid: three strands that pass over and under each other. It is drawn, at any
// size, from the same curves.
var strands = []color.NRGBA{
	{0x00, 0xad, 0xd8, 0xff},
	{0xf2, 0x8c, 0x28, 0xff},
	{0x5b, 0x4b, 0xa8, 0xff},
}

const (
	strandWidth = 0.15 // of the logo's
	swing       = 0.26 // how far a strand goes to each side of the middle
)

// strand returns where the strand is at height y, both as parts of the logo's size, how steeply it moves
// sideways there, and how near to the viewer it is: who is nearer covers the other.
func strand(i int, y float64) (x, slope, near float64) {
	phase := 2*math.Pi*y + 2*math.Pi*float64(i)/3
	return 0.5 + swing*math.Sin(phase), 2 * math.Pi * swing * math.Cos(phase), math.Sin(2 * phase)
}

// logoPNG draws the logo with size by size pixels.
func logoPNG(size int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, pixel(x, y, size))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("install: logoPNG: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}

// pixel mixes the colours at sixteen points of a pixel.
func pixel(x, y, size int) color.NRGBA {
	const n = 4
	var r, g, b, hits int
	for j := range n * n {
		u := (float64(x) + (float64(j%n)+0.5)/n) / float64(size)
		v := (float64(y) + (float64(j/n)+0.5)/n) / float64(size)
		if c, ok := at(u, v); ok {
			r, g, b, hits = r+int(c.R), g+int(c.G), b+int(c.B), hits+1
		}
	}
	if hits == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{uint8(r / hits), uint8(g / hits), uint8(b / hits), uint8(255 * hits / (n * n))}
}

// at returns the colour of the nearest strand at a point.
func at(u, v float64) (c color.NRGBA, ok bool) {
	best := math.Inf(-1)
	for i := range strands {
		x, slope, near := strand(i, v)
		distance := math.Abs(u-x) / math.Hypot(1, slope)
		if distance <= strandWidth/2 && near > best {
			best, c, ok = near, strands[i], true
		}
	}
	return c, ok
}

// logoSVG draws the logo as short pieces of the strands, the far ones first.
func logoSVG() []byte {
	const pieces, size = 48, 64.0
	var back, front strings.Builder
	for p := range pieces {
		y0, y1 := float64(p)/pieces, float64(p+1)/pieces
		for i, c := range strands {
			x0, _, near := strand(i, y0)
			x1, _, _ := strand(i, y1)
			b := &back
			if near > 0 {
				b = &front
			}
			fmt.Fprintf(b, "<path d=\"M%.2f %.2fL%.2f %.2f\" stroke=\"#%02x%02x%02x\"/>\n",
				x0*size, y0*size, x1*size, y1*size, c.R, c.G, c.B)
		}
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">
<g fill="none" stroke-width="%.1f" stroke-linecap="round">
%s%s</g>
</svg>
`, strandWidth*size, back.String(), front.String())
}
