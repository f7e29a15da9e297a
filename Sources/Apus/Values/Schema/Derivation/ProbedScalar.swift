import Foundation

/// A type that is written as one JSON value whose schema is known.
protocol ProbedScalar: Decodable {
    static var probedSchema: JSON { get }
    static var probedValue: Self { get }
}

extension ProbedScalar {
    static var finding: SchemaProbe.Finding { SchemaProbe.Finding(schema: probedSchema, value: probedValue) }
}

extension ProbedScalar where Self: FixedWidthInteger {
    static var probedValue: Self { 0 }

    /// With bounds, unless they are those of 64 signed bits.
    static var probedSchema: JSON {
        var schema: JSON = ["type": "integer"]
        if !isSigned || bitWidth < 64 { schema["minimum"] = .integer(Int64(truncatingIfNeeded: min)) }
        if bitWidth < 64 { schema["maximum"] = .integer(Int64(truncatingIfNeeded: max)) }
        return schema
    }
}

extension Int: ProbedScalar {}
extension Int8: ProbedScalar {}
extension Int16: ProbedScalar {}
extension Int32: ProbedScalar {}
extension Int64: ProbedScalar {}
extension UInt: ProbedScalar {}
extension UInt8: ProbedScalar {}
extension UInt16: ProbedScalar {}
extension UInt32: ProbedScalar {}
extension UInt64: ProbedScalar {}

extension Bool: ProbedScalar {
    static var probedSchema: JSON { ["type": "boolean"] }
    static var probedValue: Bool { false }
}

extension String: ProbedScalar {
    static var probedSchema: JSON { ["type": "string"] }
    static var probedValue: String { "" }
}

extension Double: ProbedScalar {
    static var probedSchema: JSON { ["type": "number"] }
    static var probedValue: Double { 0 }
}

extension Float: ProbedScalar {
    static var probedSchema: JSON { ["type": "number"] }
    static var probedValue: Float { 0 }
}

extension Decimal: ProbedScalar {
    static var probedSchema: JSON { ["type": "number"] }
    static var probedValue: Decimal { 0 }
}

extension Date: ProbedScalar {
    static var probedSchema: JSON { ["type": "string", "format": "date-time"] }
    static var probedValue: Date { Date(timeIntervalSinceReferenceDate: 0) }
}

extension URL: ProbedScalar {
    static var probedSchema: JSON { ["type": "string", "format": "uri"] }
    static var probedValue: URL { URL(filePath: "/") }
}

extension UUID: ProbedScalar {
    static var probedSchema: JSON { ["type": "string", "format": "uuid"] }
    static var probedValue: UUID { UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }
}

extension Data: ProbedScalar {
    static var probedSchema: JSON { ["type": "string", "contentEncoding": "base64"] }
    static var probedValue: Data { Data() }
}

extension JSON: ProbedScalar {
    static var probedSchema: JSON { [:] }
    static var probedValue: JSON { .null }
}

extension JSON.Object: ProbedScalar {
    static var probedSchema: JSON { ["type": "object"] }
    static var probedValue: JSON.Object { [:] }
}

extension JSONSchema: ProbedScalar {
    static var probedSchema: JSON { ["type": ["object", "boolean"]] }
    static var probedValue: JSONSchema { true }
}
