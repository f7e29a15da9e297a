import ApusAgents
import ApusProviders
import Foundation
import OverdueRequestsKit

// With a key a model has a say in what the rules leave open.
let hasKey = ProcessInfo.processInfo.environment["OPENAI_API_KEY"]?.isEmpty == false
let model: (any LLMProvider)? = hasKey ? OpenAIProvider.openAI("gpt-5-mini").retrying() : nil
let command = ReviewCommand(executable: Bundle.main.executableURL, model: model)
exit(await command.run(Array(CommandLine.arguments.dropFirst())).rawValue)
