import Apus
import ApusAgents
import ApusProviders
import Foundation

// A team over the documentation of this project: `swift run ResearchTeam "What happens when a worker dies?"`

let question = CommandLine.arguments.dropFirst().first ?? "What becomes of a run whose worker dies?"
let base = try await Library.read(URL(filePath: "Documentation"))
let hasKey = ProcessInfo.processInfo.environment["OPENAI_API_KEY"] != nil
let team: ResearchTeam
if hasKey {
    let model: OpenAIProvider = .openAI("gpt-5-mini")
    team = try ResearchTeam(base, editor: model.retrying(), researcher: model.retrying())
} else {
    team = try .offline(base, question: question)
}
print(
    "\(base.count) passages. \(hasKey ? "Two agents with a model of OpenAI" : "Offline: a script plays both agents").\n"
)

let end = try await team.editor.run([.user(question)]) { event in
    switch event {
    case .toolStarted(let call, _): print("-> \(call.name) \(call.argumentsText)")
    case .toolEnded(let result, _): print("<- \(result.name): \(result.text.count) characters")
    default: break
    }
}
print(
    "\n\(question)\n\(end.text)\n\n\(end.spent.turns) turns, \(end.spent.toolCalls) calls, \(end.spent.usage.totalTokens) tokens"
)
