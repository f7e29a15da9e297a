import Foundation

// A program's top level is isolated to the main actor, where every step that yields would pay for the hop back.
// Invariant: it shares nothing and is awaited at once.
let status = await Task.detached {
    await Program(arguments: Array(CommandLine.arguments.dropFirst())).run()
}.value
exit(status)
