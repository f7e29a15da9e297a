import Apus
import Foundation
import Testing

@Suite struct JSONCodingTests {
    private enum Event: Codable, Equatable { case arrived(at: Int), left }

    private struct Trip: Codable, Equatable {
        var zone = "Z"
        var active = true
        var byte: UInt8 = 200
        var ratio: Float = 0.1
        var start = Date(timeIntervalSinceReferenceDate: 700_000_000)
        var link = URL(string: "https://example.com/a?b")
        var id = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
        var file = Data([1, 2, 3])
        var price = Decimal(string: "0.1")
        var legs: [[String: Int]] = [["b": 1, "a": 2], [:]]
        var events: [Event] = [.arrived(at: 3), .left]
        var rest: JSON = ["z": 1, "a": [nil, true]]
        var seats: Set<String> = ["b", "a"]
        var note: String?
        var gaps: [Int?] = [1, nil]
    }

    @Test func `a value that is encoded and decoded is the same, and its members keep their order`() throws {
        let json = try JSON(encoding: Trip())
        #expect(try json.decode(as: Trip.self) == Trip())
        #expect(try JSON(parsing: json.bytes).decode(as: Trip.self) == Trip())
        #expect(
            json.description == """
                {"zone":"Z","active":true,"byte":200,"ratio":0.1,"start":"2023-03-08T20:26:40Z",\
                "link":"https://example.com/a?b","id":"01020304-0506-0708-090A-0B0C0D0E0F10","file":"AQID","price":0.1,\
                "legs":[{"a":2,"b":1},{}],"events":[{"arrived":{"at":3}},{"left":{}}],"rest":{"z":1,"a":[null,true]},\
                "seats":["a","b"],"gaps":[1,null]}
                """)
    }

    @Test func `a derived schema holds for what a type encodes`() throws {
        struct Leg: Codable {
            var from = "a"
            var stops: [Date] = [Date(timeIntervalSinceReferenceDate: 0.5)]
            var fare: Decimal? = 3
            var spans = 1..<3
        }
        let validator = try JSONSchema.Validator(JSONSchema(of: [Leg].self))
        #expect(validator.validate(try JSON(encoding: [Leg(), Leg(fare: nil)])) == [])
    }

    @Test func `other coders read and write JSON values`() throws {
        let json: JSON = ["z": 1, "a": [nil, true, 2.5, "text", [:]]]
        #expect(try JSON(parsing: JSONEncoder().encode(json)) == json)
        #expect(try JSONDecoder().decode(JSON.self, from: Data(json.bytes)) == json)
    }

    @Test(arguments: [
        (#"{"age":1.5}"#, "expected an integer, got the number 1.5"),
        (#"{"age":"x"}"#, "expected an integer, got a string"),
        (#"{"age":300}"#, "expected an integer from -128 to 127, got 300"), ("{}", "the member \"age\" is missing"),
        (#"{"age":1,"day":"2024-01-02"}"#, "expected a time such as 2001-02-03T04:05:06Z, got \"2024-01-02\""),
    ])
    func `an error says what was expected and what is there`(_ text: String, _ words: String) throws {
        struct Person: Decodable {
            var age: Int8
            var day: Date?
        }
        let json = try JSON(parsing: text)
        let error = #expect(throws: DecodingError.self) { try json.decode(as: Person.self) }
        #expect(error.map { "\($0)" }?.contains(words) == true)
    }

    @Test func `whole numbers with a fraction of zero are integers`() throws {
        #expect(try JSON(parsing: "2.0").decode(as: Int.self) == 2)
        #expect(throws: EncodingError.self) { try JSON(encoding: [Double.nan]) }
    }
}
