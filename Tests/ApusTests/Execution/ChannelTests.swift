import Apus
import ApusTesting
import Testing

@Suite struct ChannelTests {
    /// Senders that take their time, and a reader beside them that does too.
    private func graph(
        senders count: Int, until: (@Sendable ([Int]) -> Bool)? = nil,
        changing change: @Sendable (NodeHandle<Trail>) -> Void = { _ in },
        sending send: @Sendable @escaping (Int, Channel<Int>, NodeContext) async throws -> Void
    ) throws -> Graph<Trail> {
        try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let senders = (0..<count).map { number in
                g.node("s\(number)") { _, context in try await send(number, channel, context) }
            }
            for sender in senders { sender.sends(to: channel) }
            let reader = g.forEach("read", channel, until: until) { item, context in
                try await context.environment.sleep(for: .seconds(item % 7))
                return item
            } collect: { state, results in
                state.items = results
            }
            for sender in senders { change(sender) }
            g.start(at: first)
            g.fork(from: first, to: senders + [reader])
            g.edge(from: reader, to: g.mark("after"))
        }
    }

    @Test func `elements are read by sender in graph order, each one's in its order, whoever was first`() throws {
        let graph = try graph(senders: 3) { number, channel, context in
            for element in 0..<3 {
                try await context.environment.sleep(for: .seconds(3 - number))
                context.send(number * 10 + element, to: channel)
            }
        }
        for seed in UInt64(1)...20 {
            let state = try simulate(graph, seed: seed).state
            #expect(state.items == [0, 1, 2, 10, 11, 12, 20, 21, 22], "seed \(seed)")
            #expect(state.log == ["first", "after"])
        }
    }

    @Test func `a reader of senders that send nothing ends with nothing`() throws {
        let (state, _) = try simulate(graph(senders: 2) { _, _, _ in })
        #expect(state.items == [] && state.log == ["first", "after"])
    }

    @Test func `what a failed attempt sent is dropped, also that of a node passed over`() throws {
        let retried = try graph(
            senders: 1,
            changing: { sender in
                sender.retry(.constant(attempts: 2, delay: .seconds(1)))
            }
        ) { _, channel, context in
            context.send(context.attempt, to: channel)
            if context.attempt == 1 { throw Trouble() }
        }
        #expect(try simulate(retried).state.items == [2])
        let over = try graph(
            senders: 2,
            changing: { sender in
                sender.passedOverOnFailure()
            }
        ) { number, channel, context in
            context.send(number, to: channel)
            if number == 0 { throw Trouble() }
        }
        #expect(try simulate(over).state.items == [1])
    }

    @Test func `a reader that is tried again reads all elements again`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let sender = g.node("s") { _, context in for number in 1...3 { context.send(number, to: channel) } }
            sender.sends(to: channel)
            let reader = g.forEach("read", channel, concurrency: 1) { item, context in
                try await gauge.during("\(item)") {}
                if gauge.started == 2 { throw Trouble() }
                return item
            } collect: { state, results in
                state.items = results
            }
            g.start(at: first)
            g.fork(from: first, to: sender, reader.retry(.constant(attempts: 2, delay: .seconds(1))))
        }
        for seed in UInt64(1)...5 {
            #expect(try simulate(graph, seed: seed).state.items == [1, 2, 3], "seed \(seed)")
        }
    }

    @Test func `in a loop each round reads what its own senders sent`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (head, channel) = (g.mark("head"), g.channel("c", of: Int.self))
            let sender = g.node("s") { state, context in context.send(state.visited("head"), to: channel) }
            sender.sends(to: channel)
            let reader = g.forEach("read", channel) { item, _ in
                item
            } collect: { state, results in
                state.log.append("read \(results)")
            }
            let join = g.mark("join")
            g.start(at: head)
            g.fork(from: head, to: sender, reader)
            g.edge(from: sender, to: join)
            g.edge(from: reader, to: join)
            g.route(from: join, to: [head, .end]) { $0.visited("join") < 3 ? head : .end }
        }
        for seed in UInt64(1)...10 {
            let log = try simulate(graph, seed: seed).state.log.filter { $0.hasPrefix("read") }
            #expect(log == ["read [1]", "read [2]", "read [3]"], "seed \(seed)")
        }
    }

    @Test func `a sender in a loop inside sends on each round, and the reader ends with the loop`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let sender = g.node("s") { state, context in
                state.note(context)
                try await context.environment.sleep(for: .seconds(1))
                context.send(state.visited("s"), to: channel)
            }
            sender.sends(to: channel)
            let reader = g.forEach("read", channel) { item, _ in
                item
            } collect: {
                $0.items = $1
            }
            g.start(at: first)
            g.fork(from: first, to: sender, reader)
            g.route(from: sender, to: [sender, .end]) { $0.visited("s") < 4 ? sender : .end }
        }
        for seed in UInt64(1)...10 {
            #expect(try simulate(graph, seed: seed).state.items == [1, 2, 3, 4], "seed \(seed)")
        }
    }

    @Test func `until ends the reader by its results, and its senders go on`() throws {
        let graph = try graph(senders: 2, until: { $0.count >= 2 }) { number, channel, context in
            try await context.environment.sleep(for: .seconds(number * 50))
            for element in 0..<2 { context.send(number * 7 + element * 7, to: channel) }
        }
        let (state, time) = try simulate(graph)
        #expect(state.items.count == 2 && time == .seconds(50))
    }

    @Test func `a failing body cancels the others and fails the reader`() throws {
        let gauge = Gauge()
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let sender = g.node("s") { _, context in for number in 1...3 { context.send(number, to: channel) } }
            sender.sends(to: channel)
            let reader = g.forEach("read", channel) { item, context in
                if item == 2 { throw Trouble(name: "two") }
                try await gauge.during("body") { try await context.environment.sleep(for: .seconds(99)) }
                return item
            } collect: { _, _ in
            }
            g.start(at: first)
            g.fork(from: first, to: sender, reader)
        }
        for seed in UInt64(1)...10 {
            let error = #expect(throws: RunError.self) { try simulate(graph, seed: seed) }
            #expect(error?.underlying as? Trouble == Trouble(name: "two") && gauge.running == 0, "seed \(seed)")
        }
    }

    @Test func `zip pairs two channels in order and leaves what has no partner`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, left, right) = (g.mark("first"), g.channel("l", of: Int.self), g.channel("r", of: String.self))
            let numbers = g.node("numbers") { _, context in
                try await context.environment.sleep(for: .seconds(5))
                for number in 1...3 { context.send(number, to: left) }
            }
            let words = g.node("words") { _, context in for word in ["a", "b"] { context.send(word, to: right) } }
            numbers.sends(to: left)
            words.sends(to: right)
            let pairs = g.zip("pairs", left, right) { number, word, _ in
                "\(number)\(word)"
            } collect: {
                $0.log += $1
            }
            g.start(at: first)
            g.fork(from: first, to: numbers, words, pairs)
        }
        for seed in UInt64(1)...10 {
            #expect(try simulate(graph, seed: seed).state.log == ["first", "1a", "2b"], "seed \(seed)")
        }
    }

    @Test func `a second reader and a sender named twice are refused`() throws {
        let error = #expect(throws: GraphError.self) {
            try Graph<Trail>("g") { g in
                let a = g.mark("a")
                let channel = g.channel("c", of: Int.self, from: a)
                a.sends(to: channel)
                let one = g.forEach("one", channel) { item, _ in
                    item
                } collect: { _, _ in
                }
                let two = g.forEach("two", channel) { item, _ in
                    item
                } collect: { _, _ in
                }
                g.start(at: a, one, two)
            }
        }
        #expect(error?.diagnostics.map(\.code) == [.duplicateTarget, .secondExit])
        #expect(error?.diagnostics.map(\.nodes) == [["a"], ["two"]])
    }
}
