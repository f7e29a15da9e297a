import Apus
import Testing

@Suite struct JSONSchemaTests {
    private func sentences(_ schema: JSONSchema, _ value: JSON) throws -> [String] {
        try JSONSchema.Validator(schema).validate(value).map(\.description)
    }

    @Test(
        arguments: [
            (["type": "integer"], "x", "expected an integer, got a string"),
            (["type": "integer"], 1.5, "expected an integer, got the number 1.5"),
            (["type": ["string", "null"]], 3, "expected a string or null, got an integer"),
            (["enum": ["a", 1, nil]], "c", #"expected one of "a", 1, null, got "c""#),
            (["const": 2], 3, "expected 2, got 3"),
            (["minimum": 3], 2.5, "expected a number of at least 3, got 2.5"),
            (["exclusiveMaximum": 3], 3.0, "expected a number below 3, got 3.0"),
            (["multipleOf": 0.01], 19.999, "expected a multiple of 0.01, got 19.999"),
            (["minLength": 3], "\u{1F600}a", "expected at least 3 characters, got 2"),
            (["pattern": "^\\d+$"], "x", #"expected text that matches ^\d+$, got "x""#),
            (["maxItems": 1], [1, 2], "expected at most 1 elements, got 2"),
            (["uniqueItems": true], [1, 1.0], "expected no two equal elements"),
            (["required": ["a"]], [:], #"lacks the required member "a""#),
            (["additionalProperties": false], ["x": 1], "/x: is not a member that is allowed here"),
            (
                ["properties": ["a": true], "additionalProperties": false], ["x/y": 1],
                #"/x~1y: is not a member that is allowed here; known are "a""#
            ),
            (
                ["properties": ["a": ["items": ["type": "string"]]]], ["a": ["b", 1]],
                "/a/1: expected a string, got an integer"
            ),
            (
                ["anyOf": [["type": "string"], ["type": "null"]]], 3,
                "fits none of 2 alternatives: expected a string, got an integer; or expected null, got an integer"
            ),
            (["oneOf": [true, true]], 3, "fits several alternatives, 1 and 2, but only one is allowed"),
            (["not": ["type": "string"]], "a", "is exactly what is not allowed here"),
        ] as [(JSONSchema, JSON, String)])
    func `a violation says where, what was expected and what came`(
        _ schema: JSONSchema, _ value: JSON, _ sentence: String
    ) throws {
        #expect(try sentences(schema, value) == [sentence])
    }

    @Test(
        arguments: [
            (["type": "int"], .invalid, "/type"),
            (["properties": ["a/b": ["items": 3]]], .invalid, "/properties/a~1b/items"),
            (["multipleOf": 0], .invalid, "/multipleOf"), (["pattern": "("], .pattern, "/pattern"),
            (["pattern": .string(String(repeating: "a", count: 5_000))], .pattern, "/pattern"),
            (["$ref": "other.json"], .unresolved, ""), (["$ref": "#/$defs/a"], .unresolved, ""),
            (["$schema": "urn:unknown"], .unsupported, "/$schema"),
        ] as [(JSONSchema, JSONSchemaError.Code, String)])
    func `a schema that makes no sense is refused with its place`(
        _ schema: JSONSchema, _ code: JSONSchemaError.Code, _ place: String
    ) {
        #expect(throws: JSONSchemaError(code, at: place)) { try JSONSchema.Validator(schema) }
    }

    @Test func `hostile schemas end with a violation`() throws {
        var chain: JSON.Object = ["a60": true]
        for level in 0..<60 {
            let next: JSON = ["$ref": .string("#/$defs/a\(level + 1)")]
            chain["a\(level)"] = ["allOf": [next, next]]
        }
        for schema: JSONSchema in [
            ["$ref": "#"], ["allOf": [["$ref": "#"], ["$ref": "#"]]], ["anyOf": [["$ref": "#"], ["$ref": "#"]]],
            ["not": ["$ref": "#"]], ["$ref": "#/$defs/a0", "$defs": .object(chain)],
        ] {
            var limits = JSONSchema.Limits()
            limits.applications = 10_000
            let violations = try JSONSchema.Validator(schema, limits: limits).validate(1)
            #expect(violations.last?.message.hasPrefix("could not be checked") == true, "\(schema)")
        }
    }

    @Test func `a pattern that never ends is given up`() throws {
        let text = JSON.string(String(repeating: "a", count: 40) + "b")
        #expect(try sentences(["pattern": "^(a+)+$"], text).last?.hasPrefix("could not be checked") == true)
        let long = JSON.string(String(repeating: "a", count: 100_000))
        #expect(try sentences(["pattern": "^[a-z]+$"], long).isEmpty)
    }

    @Test func `values nested deeper than the limit are refused`() throws {
        let value = (0..<400).reduce(JSON(1)) { value, _ in [value] }
        #expect(try sentences(["items": ["$ref": "#"]], value).last?.hasPrefix("could not be checked") == true)
    }

    @Test func `no more violations are reported than wanted`() throws {
        var limits = JSONSchema.Limits()
        limits.violations = 3
        let validator = try JSONSchema.Validator(["items": ["type": "string"]], limits: limits)
        #expect(validator.validate([1, 2, 3, 4, 5]).map(\.path) == ["/0", "/1", "/2"])
    }

    @Test func `schemas elsewhere come from the registry`() throws {
        let registry = JSONSchema.Registry(["https://example.org/age.json": ["type": "integer"]])
        let validator = try JSONSchema.Validator(["$ref": "https://example.org/age.json#"], registry: registry)
        #expect(validator.validate(3).isEmpty && !validator.validate("3").isEmpty)
    }

    @Test(arguments: JSONSchema.Draft.allCases)
    func `each meta-schema is valid by itself`(_ draft: JSONSchema.Draft) throws {
        let validator = try JSONSchema.Validator(["$ref": .string(draft.rawValue)])
        #expect(validator.validate(["type": "integer", "properties": ["a": true]]).isEmpty)
        #expect(!validator.validate(["type": "int"]).isEmpty && !validator.validate(["minLength": -1]).isEmpty)
    }
}
