package notebooks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/notebooks/internal/lazy"
)

// A RunRecord says what a run of a notebook was: with what, where, how long, how it ended. It is in the metadata of the
// notebook that was run, under gobraid, record, and in a file beside it; see [RecordPath] and [Notebook.Record].
type RunRecord struct {
	Format     int            `json:"format"`   // 1
	Notebook   string         `json:"notebook"` // the name of the file, without its folder
	Gobraid    string         `json:"gobraid"`  // version
	Go         string         `json:"go"`       // version
	Modules    []RunModule    `json:"modules"`  // those that cells import, sorted by path
	Machine    Machine        `json:"machine"`
	Engine     string         `json:"engine"` // that was asked for: auto, yaegi or compiled
	Parameters []RunParameter `json:"parameters"`
	Seeds      []RunSeed      `json:"seeds"`
	Started    time.Time      `json:"started"`
	Seconds    float64        `json:"seconds"`  // from the first cell to the end of the last
	Running    float64        `json:"running"`  // seconds that tasks of cells ran, added up
	Waiting    float64        `json:"waiting"`  // seconds that they waited
	Sleeping   float64        `json:"sleeping"` // seconds that they slept
	CPU        float64        `json:"cpu"`      // seconds that processors worked for the session
	Exit       int            `json:"exit"`     // 0; 1 if a cell failed that may not; 130 if the run was interrupted
	Cells      []RunCell      `json:"cells"`    // code cells, in order
}

// A RunModule is a module that cells import packages of.
type RunModule struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Replace string `json:"replace,omitempty"` // what go.mod has instead
}

// A RunParameter is a parameter of the notebook.
type RunParameter struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"` // as Go text
	Set   bool   `json:"set"`   // it was given, and is not what the notebook has
}

// A RunSeed is what made random numbers repeatable: a parameter called seed, or the seed of %%virtual.
type RunSeed struct {
	Name  string `json:"name"` // of the parameter, or %%virtual
	Value string `json:"value"`
	Cell  string `json:"cell"` // the id of the cell
}

// A RunCell is what became of a cell.
type RunCell struct {
	ID       string  `json:"id"`
	Number   int     `json:"number"` // its execution count, 0 if it was not run
	Section  string  `json:"section,omitempty"`
	SHA256   string  `json:"sha256"` // of the source
	Engine   string  `json:"engine"` // that ran it, "" if none did
	Asked    string  `json:"asked,omitempty"`
	Reason   string  `json:"reason,omitempty"` // why the cell asks for an engine
	Seconds  float64 `json:"seconds"`
	Running  float64 `json:"running"`
	Waiting  float64 `json:"waiting"`
	Sleeping float64 `json:"sleeping"`
	Error    string  `json:"error,omitempty"` // name and value; of a cell that may fail too
}

// RecordPath returns where the record of the notebook at path lies: NAME.run.json beside it.
func RecordPath(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".run.json"
}

// Record returns the record of the run that the notebook holds, nil if it holds none.
func (nb *Notebook) Record() *RunRecord {
	own, _ := nb.Metadata["gobraid"].(map[string]any)
	if own["record"] == nil {
		return nil
	}
	b, err := json.Marshal(own["record"])
	if err != nil {
		return nil
	}
	r := &RunRecord{}
	if json.Unmarshal(b, r) != nil {
		return nil
	}
	return r
}

// JSON returns the record as the file beside a notebook has it.
func (r *RunRecord) JSON() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		panic("notebooks: " + err.Error()) // texts and finite numbers cannot fail
	}
	return b.Bytes()
}

// putRecord puts the record into the metadata of the notebook.
func (nb *Notebook) putRecord(r *RunRecord) {
	own, ok := nb.Metadata["gobraid"].(map[string]any)
	if !ok {
		own = map[string]any{}
		nb.Metadata["gobraid"] = own
	}
	d := json.NewDecoder(bytes.NewReader(r.JSON()))
	var m any
	if err := d.Decode(&m); err != nil {
		panic("notebooks: " + err.Error())
	}
	own["record"] = asPython(m)
}

// dropRecord removes what an earlier run has left.
func (nb *Notebook) dropRecord() {
	own, ok := nb.Metadata["gobraid"].(map[string]any)
	if !ok {
		return
	}
	if delete(own, "record"); len(own) == 0 {
		delete(nb.Metadata, "gobraid")
	}
}

// newRecord describes a run that is about to begin.
func newRecord(nb *Notebook, path string, opts Options) *RunRecord {
	m := thisMachine()
	if opts.GOMAXPROCS > 0 {
		m.GOMAXPROCS = opts.GOMAXPROCS
	}
	r := &RunRecord{
		Format: 1, Notebook: filepath.Base(path), Gobraid: opts.Version, Go: runtime.Version(), Machine: m, Engine: opts.Engine,
		Modules: usedModules(nb, filepath.Dir(path)), Parameters: []RunParameter{}, Seeds: []RunSeed{}, Cells: []RunCell{}, Started: time.Now().UTC(),
	}
	r.describeParameters(nb, opts.Preload)
	for _, c := range nb.Cells {
		if c.Type != Code {
			continue
		}
		sum := sha256.Sum256([]byte(c.Source))
		engine, reason := c.engine()
		r.Cells = append(r.Cells, RunCell{ID: c.ID, Section: c.own("section"), SHA256: hex.EncodeToString(sum[:]), Asked: engine, Reason: reason})
		if m := virtualSeed.FindStringSubmatch(c.Source); m != nil {
			r.Seeds = append(r.Seeds, RunSeed{Name: "%%virtual", Value: m[1], Cell: c.ID})
		}
	}
	return r
}

var virtualSeed = lazy.Regexp(`(?m)^%%virtual[ \t]+([0-9]+)[ \t]*$`)

// describeParameters notes the parameters and what they are set to. A cell of parameters that does not check fails when it is run, and says so.
func (r *RunRecord) describeParameters(nb *Notebook, preload []string) {
	p, err := nb.parameters(preload)
	if p == nil || err != nil {
		return
	}
	given := map[string]string{}
	if at := nb.tagged(TagInjected); at >= 0 {
		given = assigned(nb.Cells[at].Source)
	}
	for _, x := range p.list {
		value, set := given[x.Name]
		if !set {
			value = x.Value
		}
		r.Parameters = append(r.Parameters, RunParameter{x.Name, x.Type, value, set})
		if x.Name == "seed" || strings.HasSuffix(x.Name, "Seed") || strings.HasSuffix(x.Name, "_seed") {
			r.Seeds = append(r.Seeds, RunSeed{x.Name, value, nb.Cells[p.cell].ID})
		}
	}
}

// assigned returns what the lines of an injected cell give to which name, as Set and papermill write them.
func assigned(source string) map[string]string {
	out := map[string]string{}
	for l := range strings.Lines(source) {
		name, value, ok := strings.Cut(strings.TrimSpace(l), " = ")
		if !ok || strings.HasPrefix(name, "//") {
			continue
		}
		if rest, isConst := strings.CutPrefix(name, "const "); isConst {
			name, _, _ = strings.Cut(rest, " ")
		}
		if text, comment, ok := strings.Cut(value, " // "); ok {
			if _, err := time.ParseDuration(comment); err == nil {
				value = text
			}
		}
		out[name] = value
	}
	return out
}

// note adds what became of a cell.
func (r *RunRecord) note(c *Cell, number int, o interp.Outcome, failed *CellError, took time.Duration) {
	i := slices.IndexFunc(r.Cells, func(x RunCell) bool { return x.ID == c.ID })
	if i < 0 {
		return
	}
	x := &r.Cells[i]
	x.Number, x.Engine, x.Seconds = number, o.Engine, took.Seconds()
	own, _ := o.Metadata["gobraid"].(map[string]any)
	x.Running, x.Sleeping = seconds(own["running"]), seconds(own["sleeping"])
	if w, ok := own["waiting"].(map[string]any); ok {
		for _, kind := range slices.Sorted(maps.Keys(w)) {
			x.Waiting += seconds(w[kind])
		}
	}
	r.Running, r.Waiting, r.Sleeping, r.CPU = r.Running+x.Running, r.Waiting+x.Waiting, r.Sleeping+x.Sleeping, r.CPU+seconds(own["cpu"])
	if failed != nil {
		x.Error = failed.Err.Name + ": " + failed.Err.Value
	}
}

func seconds(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case json.Number:
		f, _ := strconv.ParseFloat(v.String(), 64)
		return f
	}
	return 0
}

// String says in a few lines what the run was.
func (r *RunRecord) String() string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-11s%s\n", name, value)
		}
	}
	line("gobraid", r.Gobraid+", "+r.Go+", engine "+r.Engine)
	for _, m := range r.Modules {
		line("module", strings.TrimSpace(m.Path+" "+m.Version+" "+m.Replace))
	}
	m := r.Machine
	line("machine", strings.TrimSpace(m.CPU+" "+m.OS+"/"+m.Arch+" "+m.Kernel))
	line("cores", fmt.Sprintf("%d, GOMAXPROCS %d, memory %.1f GiB", m.Cores, m.GOMAXPROCS, float64(m.Memory)/(1<<30)))
	for _, p := range r.Parameters {
		said := p.Name + " = " + p.Value
		if p.Set {
			said += " (given)"
		}
		line("parameter", said)
	}
	for _, s := range r.Seeds {
		line("seed", s.Name+" "+s.Value+" in "+s.Cell)
	}
	line("started", r.Started.Format(time.RFC3339))
	line("duration", fmt.Sprintf("%.3g s; tasks ran %.3g s, waited %.3g s, slept %.3g s; processors worked %.3g s", r.Seconds, r.Running, r.Waiting, r.Sleeping, r.CPU))
	line("exit", strconv.Itoa(r.Exit))
	return b.String()
}
