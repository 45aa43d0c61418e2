package kernel

// kernelInfo answers kernel_info_request.
func kernelInfo(k *Kernel, _ *request) any {
	return kernelInfoReply{
		Status:                statusOK,
		ProtocolVersion:       ProtocolVersion,
		Implementation:        k.opts.Name,
		ImplementationVersion: k.opts.Version,
		LanguageInfo: languageInfo{
			Name:           "go",
			Version:        k.opts.GoVersion,
			MIMEType:       "text/x-go",
			FileExtension:  ".go",
			PygmentsLexer:  "go",
			CodeMirrorMode: "go",
		},
		Banner: k.opts.Banner,
		HelpLinks: []helpLink{
			{"Go documentation", "https://go.dev/doc/"},
			{"Go standard library", "https://pkg.go.dev/std"},
		},
		SupportedFeatures: k.features(),
	}
}

// features are the optional features of the protocol that the kernel has.
func (k *Kernel) features() []string {
	if k.concurrent() == nil {
		return []string{}
	}
	return []string{"kernel subshells"}
}
