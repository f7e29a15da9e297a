import Apus
import Testing

@Suite struct LogWriterTests {
    private func record(_ level: LogLevel = .info, _ event: String = "node.completed") -> LogRecord {
        let instant = Instant(uptime: .zero, sinceEpoch: .seconds(1_700_000_000) + .milliseconds(7))
        var record = LogRecord(level, event, "a \"quoted\"\nline\u{1}", at: instant)
        record.run = RunID("r/1")
        record.graph = "g"
        record.activation = ActivationID([.init(node: "a/b", iterations: [1, 2], index: 3), .init(node: "c")])
        record.attempt = 2
        record.duration = .microseconds(1_500)
        record.trace = TraceContext(traceparent: TraceContextTests.parent)
        record.error = "ä\\"
        record.fields = [.init("model", "m 1")]
        return record
    }

    private func lines(_ format: LogWriter.Format, _ records: [LogRecord]) -> [String] {
        let blocks = Guarded<[[UInt8]]>([])
        let writer = LogWriter(format) { block in blocks.withLock { $0.append(block) } }
        for record in records { writer.log(record) }
        writer.flush()
        return blocks.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `a line of JSON says everything and is one line`() throws {
        let text = try #require(lines(.json, [record()]).first)
        #expect(text.filter(\.isNewline).count == 1 && text.hasSuffix("\n"))
        let json = try JSON(parsing: text)
        #expect(json["time"] == "2023-11-14T22:13:20.007Z" && json["level"] == "info")
        #expect(json["message"] == "a \"quoted\"\nline\u{1}" && json["error"] == "ä\\")
        #expect(json["node"]?.text == record().activation?.description)
        #expect(json["trace_id"] == "0af7651916cd43dd8448eb211c80319c" && json["span_id"] == "b7ad6b7169203331")
        #expect(json["duration_us"] == "1500" && json["attempt"] == "2" && json["model"] == "m 1")
    }

    @Test func `a line for a person is one line that steers no terminal`() throws {
        let text = try #require(lines(.readable, [record()]).first)
        #expect(text.filter(\.isNewline).count == 1 && !text.unicodeScalars.contains("\u{1}"))
        #expect(text.hasPrefix("2023-11-14T22:13:20.007Z INFO    a \"quoted\" line  run=r/1 graph=g node="))
        #expect(text.hasSuffix("error=ä\\ model=\"m 1\"\n"), "\(text)")
    }

    @Test func `lines gather until one matters or a run ends`() {
        let (quiet, loud, end) = (record(), record(.warning), record(.info, "run.completed"))
        #expect(lines(.json, [quiet, quiet, loud, quiet, end, quiet]).count == 3)
        #expect(lines(.json, Array(repeating: quiet, count: 500)).count > 3, "a block is 32 KiB")
    }

    @Test func `times before 1970 and at the end of a second are written right`() throws {
        var early = record()
        early.instant = Instant(uptime: .zero, sinceEpoch: .milliseconds(-1))
        var late = record()
        late.instant = Instant(uptime: .zero, sinceEpoch: .milliseconds(999))
        let text = lines(.json, [early, late]).joined()
        #expect(text.contains("1969-12-31T23:59:59.999Z") && text.contains("1970-01-01T00:00:00.999Z"))
    }

    @Test func `of many lines of a kind the first are kept and then some, and what matters always`() async throws {
        let log = LogMemory()
        let graph = try Graph<Desk>("many") { g in
            let step = g.node("step") { state, context in
                state.worked += 1
                context.progress("at \(state.worked)")
            }
            .iterationLimit(200)
            g.start(at: step)
            let end = g.node("end") { _, _ in }
            g.route(from: step, to: [step, end]) { $0.worked < 99 ? step : end }
        }
        let sampling = LogSampling(first: 5, thereafter: 10, period: .seconds(1_000))
        _ = try await GraphExecutor(observers: [RunLog(log, sampling: sampling)]).run(graph, from: Desk())
        let progress = log.records.filter { $0.event == "node.progress" }
        #expect(progress.count == 14, "5, and each tenth of the 94 others")
        #expect(progress.last?.fields == [.init("dropped", "9")])
        #expect(log.records.contains { $0.event == "run.completed" })
    }
}
