package notebooks

import (
	"encoding/xml"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// JUnit returns verdicts as the report that continuous integration reads: a suite for each notebook, a case for each cell.
func JUnit(verdicts []*Verdict) ([]byte, error) {
	all := junitSuites{Name: "gobraid verify"}
	for _, v := range verdicts {
		s := junitSuite{Name: filepath.Base(v.Path), Time: v.Duration.Seconds()}
		for _, c := range v.Cells {
			x := junitCase{Class: s.Name, Name: strings.TrimSpace("cell " + strconv.Itoa(c.Number) + " " + c.ID), Time: c.Duration.Seconds()}
			switch {
			case len(c.Differences) > 0:
				var b strings.Builder
				for _, d := range c.Differences {
					fmt.Fprintf(&b, "%s: %s\n%s", d.What, d.Why, d.Diff)
				}
				x.Failure = &junitText{Message: c.Differences[0].What + ": " + c.Differences[0].Why, Text: clean(v.heading(c) + "\n" + b.String())}
				s.Failures++
			case c.Skipped:
				x.Skipped = &struct{}{}
				s.Skipped++
			}
			s.Cases = append(s.Cases, x)
		}
		if v.Err != nil {
			s.Cases = append(s.Cases, junitCase{Class: s.Name, Name: "run", Error: &junitText{Message: clean(v.Err.Error())}})
			s.Errors++
		}
		s.Tests = len(s.Cases)
		all.Suites = append(all.Suites, s)
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		all.Time += s.Time
	}
	b, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("notebooks: %w", err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

// clean leaves out what XML forbids.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     float64      `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     float64     `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    float64    `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *struct{}  `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}
