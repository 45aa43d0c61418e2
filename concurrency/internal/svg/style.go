package svg

import (
	"fmt"
	"strings"
	"sync"
)

// Where pages say that they are dark or light, which may differ from what the reader prefers: those of Jupyter, VS Code and Colab.
const (
	darkPages  = "[data-jp-theme-light=false] .gb-picture,.vscode-dark .gb-picture,html[theme=dark] .gb-picture"
	lightPages = "[data-jp-theme-light=true] .gb-picture,.vscode-light .gb-picture"
)

// style returns the style element. It is the same for all pictures, because in a page it holds for all of them.
//
// Colours go through variables, which are set where a page is dark. A program that knows no variables passes the rules over,
// and the attributes of the shapes remain. Paper is always light. On a narrow screen, such as that of a phone, names and times are larger
// and places are left out; they are on hover.
var style = sync.OnceValue(func() string {
	var rules, dark, light strings.Builder
	number := map[string]int{} // of a pair of colours
	classes := map[string][]string{}
	var pairs []paint
	for _, p := range paints() {
		key := p.light + p.dark
		if _, ok := number[key]; !ok {
			number[key] = len(pairs)
			pairs = append(pairs, p)
		}
		classes[key] = append(classes[key], p.class)
	}
	for i, p := range pairs {
		list := classes[p.light+p.dark]
		fmt.Fprintf(&rules, ".%s{fill:var(--gb%d,%s)}", strings.Join(list, ",."), i, p.light)
		fmt.Fprintf(&rules, ".%s-l{stroke:var(--gb%d,%s)}", strings.Join(list, "-l,."), i, p.light)
		fmt.Fprintf(&dark, "--gb%d:%s;", i, p.dark)
		fmt.Fprintf(&light, "--gb%d:%s;", i, p.light)
	}
	return "<style>.gb-picture text{white-space:pre}@media screen{" + rules.String() +
		"@media(prefers-color-scheme:dark){.gb-picture{" + dark.String() + "}}" +
		darkPages + "{" + dark.String() + "}" + lightPages + "{" + light.String() + "}}" +
		"@media(max-width:600px){.gb-name{font-size:18px}.gb-tick{font-size:16px}.gb-place{display:none}}</style>\n"
})
