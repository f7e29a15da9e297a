// A misspelt upcoming feature is silent, so each one this package relies on is checked here.
#if !hasFeature(ExistentialAny)
    #error("enable the upcoming feature ExistentialAny")
#endif
#if !hasFeature(InferIsolatedConformances)
    #error("enable the upcoming feature InferIsolatedConformances")
#endif
#if !hasFeature(InternalImportsByDefault)
    #error("enable the upcoming feature InternalImportsByDefault")
#endif
#if !hasFeature(MemberImportVisibility)
    #error("enable the upcoming feature MemberImportVisibility")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
    #error("enable the upcoming feature NonisolatedNonsendingByDefault")
#endif
