import Apus
import ApusTesting
import Testing

@Suite struct ChannelOrderTests {
    @Test func `the bodies of a forEach send in the order of their elements, however long they take`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: Int.self))
            let each = g.forEach("each", \.items) { item, context in
                try await context.environment.sleep(for: .seconds(item))
                context.send(item, to: channel)
                return item
            } collect: { _, _ in
            }
            each.sends(to: channel)
            let reader = g.forEach("read", channel) { item, _ in
                item
            } collect: { state, results in
                state.log.append("\(results)")
            }
            g.start(at: first)
            g.fork(from: first, to: each, reader)
        }
        var state = Trail()
        state.items = [3, 1, 2]
        for seed in UInt64(1)...10 {
            #expect(try simulate(graph, from: state, seed: seed).state.log == ["first", "[3, 1, 2]"], "seed \(seed)")
        }
    }

    @Test func `senders come in graph order, whatever the order of their declaration`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: String.self))
            let late = g.node("late") { _, context in context.send("\(context.activation)", to: channel) }
            let tail = g.node("tail") { _, context in context.send("\(context.activation)", to: channel) }
            let head = g.node("head") { state, context in
                state.note(context)
                context.send("\(context.activation)", to: channel)
            }
            for sender in [late, tail, head] { sender.sends(to: channel) }
            let reader = g.forEach("read", channel) { item, _ in
                item
            } collect: { state, results in
                state.owner = results.joined(separator: " ")
            }
            g.start(at: first)
            g.fork(from: first, to: head, reader)
            g.edge(from: head, to: tail)
            g.route(from: tail, to: [head, late]) { $0.visited("head") < 3 ? head : late }
        }
        for seed in UInt64(1)...10 {
            #expect(
                try simulate(graph, seed: seed).state.owner == "head#0 tail#0 head#1 tail#1 head#2 tail#2 late",
                "seed \(seed)")
        }
    }

    @Test func `of a race only the winner's elements are sent, of elements and fallbacks those that succeed`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (first, channel) = (g.mark("first"), g.channel("c", of: String.self))
            let branch = { @Sendable (name: String, time: Int) in
                Branch<Trail>(name) { _, context in
                    context.send(name, to: channel)
                    try await context.environment.sleep(for: .seconds(time))
                }
            }
            let race = g.race("race", [branch("slow", 9), branch("quick", 1)])
            let runner = g.race("runner", [branch("second", 9), branch("winner", 1)], rest: .runsOn)
            let retry = RetryPolicy.constant(attempts: 2, delay: .seconds(1))
            let each = g.forEach("each", \.items, retry: retry) { item, context in
                context.send("\(item).\(context.attempt)", to: channel)
                if item == 9 || context.attempt < item { throw Trouble() }
                return item
            } settle: { _, _ in
            }
            let back = g.node("back") { _, context in
                context.send("lost", to: channel)
                throw Trouble()
            }
            back.fallback { _, context in context.send("fallback", to: channel) }
            for sender in [race, runner, each, back] { sender.sends(to: channel) }
            let reader = g.forEach("read", channel) { item, _ in
                item
            } collect: { state, results in
                state.owner = results.joined(separator: " ")
            }
            g.start(at: first)
            g.fork(from: first, to: race, runner, each, back, reader)
        }
        var state = Trail()
        state.items = [1, 9, 2]
        for seed in UInt64(1)...10 {
            let owner = try simulate(graph, from: state, seed: seed).state.owner
            #expect(owner == "quick winner 1.1 2.2 fallback", "seed \(seed)")
        }
    }
}
