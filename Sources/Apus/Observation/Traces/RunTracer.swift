/// Makes spans of runs.
///
/// A stretch of a run (from when a worker begins it or takes it up until it lets go of it) is a span; a later stretch has a link to
/// the one before, in the same trace. Below it stand the activations, below those the ones inside of them, and their calls of models
/// and tools under the names of OpenTelemetry's conventions for generative models. Of an activation that is repeated each further
/// attempt is a span, too.
public struct RunTracer: TraceSampling {
    public let sampler: TraceSampler
    let exporter: any SpanExporter
    let redaction: Redaction

    public init(
        _ exporter: any SpanExporter, sampler: TraceSampler = .parentBased(root: .always),
        redaction: Redaction = .standard
    ) {
        self.exporter = exporter
        self.sampler = sampler
        self.redaction = redaction
    }

    public func watcher(of run: RunFacts) -> (any RunWatcher)? {
        run.trace.context.isSampled ? RunTracerWatcher(tracer: self, facts: run) : nil
    }
}
