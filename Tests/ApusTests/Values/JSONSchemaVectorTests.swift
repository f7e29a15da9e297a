import Apus
import CorpusKit
import Foundation
import Testing

/// The JSON Schema test suite, and tool calls that real models made with the schemas sent to them.
@Suite(.enabled(if: Corpus.isExpected)) struct JSONSchemaVectorTests {
    @Test(arguments: [
        ("draft2020-12", JSONSchema.Draft.draft2020, 1299), ("draft7", JSONSchema.Draft.draft7, 927),
    ])
    func `every required assertion of the suite holds`(_ name: String, _ draft: JSONSchema.Draft, _ count: Int) throws {
        var registry = JSONSchema.Registry()
        for remote in try values(of: "vectors/json-schema-remotes.jsonl.gz") {
            registry[try #require(remote["uri"]?.text)] = remote["schema"].map { JSONSchema($0) }
        }
        var checked = 0
        for row in try values(of: "vectors/json-schema.jsonl.gz")
        where row["draft"]?.text == name && row["optional"] == false {
            let schema = JSONSchema(try #require(row["schema"]))
            let validator = try JSONSchema.Validator(schema, registry: registry, draft: draft)
            for test in row["tests"]?.elements ?? [] {
                let violations = validator.validate(try #require(test["data"]))
                #expect(violations.isEmpty == test["valid"]?.flag, "\(row["description"] ?? "") \(test): \(violations)")
                checked += 1
            }
        }
        #expect(checked == count)
    }

    @Test func `the verdict on what real models sent is the recorded one`() throws {
        let rows = try values(of: "vectors/tool-args.jsonl.gz")
        for row in rows {
            #expect(verdict(on: row) == row["valid"]?.flag, "\(row)")
        }
        #expect(rows.count == 431)
    }

    private func values(of file: String) throws -> [JSON] { try Corpus.lines(of: file).map { try JSON(parsing: $0) } }

    /// `nil` where the schema makes no sense, or what the model sent is not JSON.
    private func verdict(on row: JSON) -> Bool? {
        guard let schema = row["schema"], let validator = try? JSONSchema.Validator(JSONSchema(schema)) else {
            return nil
        }
        let arguments = row["arguments"] ?? row["arguments_raw"]?.text.flatMap { try? JSON(parsing: $0) }
        return arguments.map { validator.validate($0).isEmpty }
    }
}
