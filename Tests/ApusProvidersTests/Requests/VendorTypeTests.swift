import Apus
import ApusAgents
import ApusProviders
import AsideKit
import Foundation
import Testing

/// Every request that the providers send, beside the parameter types of the vendors' own libraries.
@Suite(.aside) struct VendorTypeTests {
    @Test func `every request is of its vendor's types, and what is broken is not`() async throws {
        let captured = try await Capture.all()
        let broken = try Self.broken()
        let verdict = try await VendorTypes.check(captured.lines + broken)
        for (line, failures) in zip(captured.lines + broken, verdict.failures) {
            let name = "\(line.vendor), \(line.feature)\(line.isStreamed ? ", streamed" : "")"
            if line.vendor == "broken" {
                #expect(!failures.isEmpty, "\(line.interface) takes this: \(line.feature)")
            } else {
                #expect(failures.isEmpty, "\(name): \(failures.joined(separator: "; "))")
            }
        }
        #expect(Set(broken.map(\.interface)) == Set(captured.lines.map(\.interface)))
        expectTeeth(verdict)
        try expectPage(captured, broken.count, verdict)
    }

    /// Each member of a body that is spelt wrong or has a wrong type is noticed, but for those that the vendors leave to their users.
    private func expectTeeth(_ verdict: VendorTypes.Verdict) {
        let free: Set<String> = [
            // Schemas.
            "tools.function.parameters", "tools.parameters", "tools.input_schema", "format",
            "tools.functionDeclarations.parametersJsonSchema", "response_format.json_schema.schema",
            "response_format.json_schema", "text.format.schema", "output_config.format.schema",
            "generationConfig.responseJsonSchema",
            // Arguments and results.
            "messages.content.input", "messages.tool_calls.function.arguments", "contents.parts.functionCall.args",
            "contents.parts.functionResponse.response",
        ]
        for (interface, mutants) in verdict.mutants {
            #expect(mutants.tried > (interface.hasSuffix("embeddings") ? 4 : 50), "\(interface)")
            let loose = mutants.free.filter { place in
                !free.contains { place == $0 || place.hasPrefix($0 + ".") }
            }
            #expect(loose == [], "\(interface)")
        }
    }

    private static func broken() throws -> [VendorTypes.Line] {
        let file = try Data(contentsOf: VendorTypes.scripts.appending(path: "broken.jsonl"))
        return try file.split(separator: 10).map { line in
            let json = try JSON(parsing: Array(line))
            return VendorTypes.Line(
                vendor: "broken", feature: json["fault"]?.text ?? "", interface: json["interface"]?.text ?? "",
                isStreamed: json["streamed"]?.flag ?? false, path: json["path"]?.text ?? "",
                body: json["body"] ?? [:])
        }
    }

    // MARK: The page about providers

    private func expectPage(_ captured: Capture, _ broken: Int, _ verdict: VendorTypes.Verdict) throws {
        let tried = verdict.mutants.values.map(\.tried).reduce(0, +)
        let refused = verdict.mutants.values.map(\.refused).reduce(0, +)
        let sentence =
            "\(captured.lines.count) bodies are checked. \(broken) that were broken by hand are refused, and so are \(refused) of "
            + "\(tried) that were broken by machine"
        let table = Self.table(captured, verdict.versions)
        print(sentence, table, separator: "\n")
        let page = URL(filePath: #filePath).appending(path: "../../../../Documentation/Providers.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let (hasSentence, hasTable) = (text.contains(sentence), text.contains(table))
        #expect(hasSentence)
        #expect(hasTable)
    }

    private static func table(_ captured: Capture, _ versions: [String: String]) -> String {
        let libraries = [
            "openai": "openai", "deepseek": "openai", "anthropic": "anthropic", "gemini": "google-genai",
            "vertex": "google-genai", "cohere": "cohere", "ollama": "ollama", "groq": "groq",
            "openrouter": "openrouter", "mistral": "mistralai",
        ]
        let head = "| provider | library | bodies | refused, for want of words | left out |\n|---|---|---|---|---|"
        let rows = Vendor.all.map { vendor in
            let library = libraries[String(vendor.interface.prefix { $0 != "." })] ?? ""
            let count = captured.lines.filter { $0.vendor == vendor.name }.count
            let refused = captured.refused[vendor.name, default: []].joined(separator: ", ")
            let dropped = captured.dropped[vendor.name, default: []].joined(separator: ", ")
            return "| \(vendor.name) | \(library) \(versions[library] ?? "") | \(count) | \(refused) | \(dropped) |"
        }
        return ([head] + rows).joined(separator: "\n")
    }
}
