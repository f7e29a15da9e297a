import Apus
import ApusTesting
import Testing

@Suite struct RunTracerTests {
    private let caller = TraceContext(traceparent: TraceContextTests.parent, tracestate: "rojo=1")

    @Test func `a run with an agent, a suspension and a subgraph has every span, one trace and its link`() throws {
        let (first, second) = (Watch(), Watch())
        try watchDesk(first, second, caller: caller)
        let spans = first.spans.spans + second.spans.spans
        #expect(Set(spans.map(\.context.trace)).count == 1)
        #expect(spans.allSatisfy { $0.context.trace == caller?.trace && $0.context.tracestate == "rojo=1" })
        #expect(Set(spans.map(\.context.span)).count == spans.count, "every span has an identity of its own")
        #expect(
            tree(first.spans.spans) == [
                "run desk < b7ad6b7169203331", "  clerk", "    clerk/think", "      chat script", "    clerk/act",
                "      clerk/act[]", "        execute_tool count", "    clerk/think", "      chat script", "  ask",
            ])
        #expect(tree(second.spans.spans) == ["run desk", "  ask", "  sub", "    sub/work", "      sub/work attempt 2"])
        let (begin, rest) = try (#require(first.spans.spans.last), #require(second.spans.spans.last))
        #expect(rest.parent == nil && rest.links.map(\.span) == [begin.context.span])
        #expect(begin.links == [])
        #expect(begin["apus.outcome"] == .text("suspended") && rest["apus.outcome"] == .text("completed"))
    }

    @Test func `models and tools have the names of OpenTelemetry's conventions`() throws {
        let watch = Watch()
        try watchDesk(watch, Watch())
        let spans = watch.spans.spans
        let chat = try #require(spans.first { $0.name.hasPrefix("chat") })
        #expect(chat.kind == .client && chat["gen_ai.operation.name"] == .text("chat"))
        #expect(chat["gen_ai.agent.name"] == .text("clerk"))
        #expect(chat["gen_ai.response.finish_reasons"] == .texts(["tool_calls"]))
        guard case .integer(let tokens) = chat["gen_ai.usage.input_tokens"] else { return }
        #expect(tokens > 0)
        let tool = try #require(spans.first { $0.name == "execute_tool count" })
        #expect(tool["gen_ai.tool.name"] == .text("count") && tool["gen_ai.tool.call.id"] == .text("call-0-0"))
        let agent = try #require(spans.first { $0.name == "clerk" })
        #expect(agent["gen_ai.operation.name"] == .text("invoke_agent"))
    }

    @Test func `what is not sampled has no spans, also in the next process`() throws {
        var parent = try #require(caller)
        parent.isSampled = false
        let (first, second) = (Watch(), Watch())
        try watchDesk(first, second, caller: parent)
        #expect(first.spans.spans.isEmpty && second.spans.spans.isEmpty)
        #expect(Set(second.log.records.map(\.trace?.trace)) == [parent.trace], "logs name it all the same")
    }

    @Test func `without observers a node hands on the trace that started the run`() async throws {
        let seen = Guarded<[TraceContext?]>([])
        let graph = try Graph<Desk>("passing") { g in
            g.start(at: g.node("pass") { _, context in seen.withLock { $0.append(context.trace) } })
        }
        _ = try await GraphExecutor().run(graph, from: Desk(), trace: caller)
        _ = try await GraphExecutor(storage: .memory).run(graph, from: Desk(), trace: caller)
        _ = try await GraphExecutor().run(graph, from: Desk())
        #expect(seen.withLock { $0 } == [caller, caller, nil])
    }

    @Test func `a node hands on the span of its own attempt`() async throws {
        let seen = Guarded<[SpanID?]>([])
        let graph = try Graph<Desk>("passing") { g in
            let pass = g.node("pass") { _, context in
                seen.withLock { $0.append(context.trace?.span) }
                if context.attempt == 1 { throw Desk.Busy() }
            }
            g.start(at: pass.retry(.constant(attempts: 2, delay: .zero)))
        }
        let watch = Watch()
        _ = try await GraphExecutor(observers: watch.observers).run(graph, from: Desk(), trace: caller)
        let spans = watch.spans.spans.filter { $0.name.hasPrefix("pass") }
        #expect(Set(seen.withLock { $0 }) == Set(spans.map(\.context.span)))
        #expect(spans.count == 2)
    }

    /// The spans as an indented list, each below its parent in the order of their starts.
    private func tree(_ spans: [Span]) -> [String] {
        let known = Set(spans.map(\.context.span))
        func below(_ parent: SpanID?, _ depth: Int) -> [String] {
            let children = spans.enumerated().filter { $0.element.parent == parent }
            let order = children.sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
            return order.flatMap { child in
                [String(repeating: "  ", count: depth) + child.element.name]
                    + below(child.element.context.span, depth + 1)
            }
        }
        let roots = spans.filter { $0.parent.map { !known.contains($0) } ?? true }
        return roots.flatMap { root in
            let origin = root.parent.map { " < \($0)" } ?? ""
            return [root.name + origin] + below(root.context.span, 1)
        }
    }
}
