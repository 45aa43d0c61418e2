package svg

// A Look is how a span of time, or a sign, is drawn.
type Look uint8

// The looks of spans. Each has a colour, a pattern and a height of its own.
const (
	None    Look = iota
	Run          // a task that runs
	Channel      // waits for a channel
	Lock         // waits for a lock
	Group        // waits for others to be done
	Other        // waits for something else
	Sleep        // sleeps
	Collect      // the garbage collector
	System       // a system call
	Tint         // the first of several that tell things of one kind from each other
)

// Tints is how many looks there are from Tint on.
const Tints = 8

// Looks is one more than the highest look.
const Looks = int(Tint) + Tints

// A paint is the colour of a class of shapes on a light and on a dark page.
type paint struct{ class, light, dark, role string }

// Roles of text. On a narrow screen names and the times of an axis grow, and places go.
const (
	Name  = " gb-name"
	Tick  = " gb-tick"
	Place = " gb-place"
)

// As returns the paint for text with a role.
func (p paint) As(role string) paint {
	p.role = role
	return p
}

// The colours are those of Okabe and Ito, which most people who see few colours tell apart, darkened or
// lightened to stand out from the page.
var looks = [Looks]paint{
	None:     {"gb-none", "#8c959f", "#8b949e", ""},
	Run:      {"gb-run", "#0b6aa8", "#4ca6e0", ""},
	Channel:  {"gb-chan", "#d18a00", "#f0b02e", ""},
	Lock:     {"gb-lock", "#c44900", "#ff8146", ""},
	Group:    {"gb-group", "#a8488a", "#e08fc4", ""},
	Other:    {"gb-other", "#59636e", "#a3adb8", ""},
	Sleep:    {"gb-sleep", "#7d8590", "#8b949e", ""},
	Collect:  {"gb-gc", "#8a6d00", "#e3c94a", ""},
	System:   {"gb-sys", "#59636e", "#a3adb8", ""},
	Tint:     {"gb-t0", "#0b6aa8", "#4ca6e0", ""},
	Tint + 1: {"gb-t1", "#c26a00", "#f0a04b", ""},
	Tint + 2: {"gb-t2", "#08795a", "#3fc29a", ""},
	Tint + 3: {"gb-t3", "#a8488a", "#e08fc4", ""},
	Tint + 4: {"gb-t4", "#4b4fb0", "#9a9df0", ""},
	Tint + 5: {"gb-t5", "#7a6500", "#d6c04a", ""},
	Tint + 6: {"gb-t6", "#b3261e", "#ff8a80", ""},
	Tint + 7: {"gb-t7", "#2d7f8f", "#6fc7d6", ""},
}

// heights are those of the looks, as a share of the height of a lane's bar.
var heights = [Looks]float64{
	None: 0.1, Run: 1, Channel: 0.62, Lock: 0.86, Group: 0.5, Other: 0.4, Sleep: 0.16, Collect: 0.5, System: 0.62,
	Tint: 1, Tint + 1: 1, Tint + 2: 1, Tint + 3: 1, Tint + 4: 1, Tint + 5: 1, Tint + 6: 1, Tint + 7: 1,
}

// Height returns the height of the look as a share of the height of a bar.
func (l Look) Height() float64 { return heights[l] }

// Solid reports whether the look is drawn without a pattern.
func (l Look) Solid() bool { return l == Run || l == Sleep || l == None || l >= Tint }

// patterns draw what tells the looks apart without colour. Each is a tile over a pale ground; W and H are its size.
var patterns = [Looks]struct {
	size float64
	turn string
	draw string
}{
	Channel: {5, "rotate(45)", `<rect width="2" height="5"/>`},
	Lock:    {4, "", `<rect width="4" height="1.2"/><rect width="1.2" height="4"/>`},
	Group:   {4, "", `<circle cx="2" cy="2" r="1.1"/>`},
	Other:   {3, "", `<rect width="3" height="1"/>`},
	Collect: {5, "rotate(-45)", `<rect width="2.4" height="5"/>`},
	System:  {3, "", `<rect width="1" height="3"/>`},
}

// The paints of everything else.
var (
	Ground = paint{"gb-bg", "#ffffff", "#161b22", ""} // behind it all
	Stripe = paint{"gb-stripe", "#f4f6f8", "#1e242c", ""}
	Ink    = paint{"gb-ink", "#1f2328", "#e6edf3", ""}   // text
	Faint  = paint{"gb-faint", "#59636e", "#9aa4af", ""} // text that matters less
	Grid   = paint{"gb-grid", "#dfe3e8", "#343b44", ""}
	Alarm  = paint{"gb-alarm", "#b3261e", "#ff7b72", ""}
	Value  = paint{"gb-value", "#7a4f00", "#ffd479", ""}
	Free   = paint{"gb-free", "#9a3412", "#ffab7d", ""}
	Done   = paint{"gb-done", "#08795a", "#56d3a5", ""}
	Paper  = paint{"gb-paper", "#ffffff", "#161b22", ""} // text on a colour
)

// paints are all paints, in the order in which the style has them.
func paints() []paint {
	all := []paint{Ground, Stripe, Ink, Faint, Grid, Alarm, Value, Free, Done, Paper}
	return append(all, looks[:]...)
}
