public import Apus

/// A saga of five steps whose third one fails, to be killed at every operation of the disk.
public enum CrashSaga {
    struct NoRoom: Error, CustomStringConvertible {
        var description: String { "there is no room" }
    }

    public static func graph(_ world: CrashWorld) throws -> Graph<CrashState> {
        try Graph<CrashState>("saga") { g in
            g.saga()
            let undo = g.compensation("undo", of: String.self) { step, context in
                try world.visit("undo \(step)")
                try world.apply(context.key)
            }
            let steps = (1...5).map { number in
                g.node("s\(number)") { state, context in
                    try world.visit("\(context.activation)")
                    try await context.step("effect") { key in
                        if number == 3 { throw NoRoom() }
                        try world.apply(key)
                    }
                    state.total += number
                }
                .compensated(by: undo) { _ in "s\(number)" }
            }
            g.start(at: steps[0])
            for (step, next) in zip(steps, steps.dropFirst()) { g.edge(from: step, to: next) }
        }
    }

    /// The keys of what the outside has to have done in the end, in that order.
    public static let expected = [
        "crash/s1/effect", "crash/s2/effect", "crash/s2/undo%2fundo%230", "crash/s1/undo%2fundo%230",
    ]
}
