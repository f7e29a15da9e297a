import Foundation
import OverdueRequestsKit
import Testing

@Suite struct LocalTimeTests {
    @Test(arguments: [
        ("03/01/2011 02:27:57 PM", "2011-03-01T14:27:57"),
        ("12/31/1999 12:00:00 AM", "1999-12-31T00:00:00"),
        ("01/01/2000 12:59:59 PM", "2000-01-01T12:59:59"),
        ("02/29/2012 11:59:59 pm", "2012-02-29T23:59:59"),
        ("02/29/2000 01:00:00 AM", "2000-02-29T01:00:00"),
    ])
    func `reads the form of the city's data`(_ text: String, _ expected: String) throws {
        #expect(try LocalTime(cityForm: text).description == expected)
    }

    @Test(arguments: [
        "02/29/2011 01:00:00 AM", "02/29/1900 01:00:00 AM", "04/31/2011 01:00:00 AM", "13/01/2011 01:00:00 AM",
        "00/10/2011 01:00:00 AM", "01/00/2011 01:00:00 AM", "01/01/0000 01:00:00 AM", "01/01/2011 00:10:00 AM",
        "01/01/2011 13:00:00 PM", "01/01/2011 01:60:00 AM", "01/01/2011 01:00:60 AM",
    ])
    func `refuses dates and times that do not exist`(_ text: String) {
        #expect { try LocalTime(cityForm: text) } throws: { ($0 as? LocalTimeError)?.code == .value }
    }

    @Test(arguments: [
        "", "x", "3/1/2011 02:27:57 PM", "03/01/2011 02:27:57", "03/01/2011 02:27:57 XM", "03-01-2011 02:27:57 PM",
        "03/01/2011 02:27:57PM", " 03/01/2011 02:27:57 PM", "03/01/11 02:27:57 PM", "٠٣/01/2011 02:27:57 PM",
        "03/01/2011  2:27:57 PM", "-3/01/2011 02:27:57 PM", "2011-03-01T02:27:57",
    ])
    func `refuses other forms`(_ text: String) {
        #expect { try LocalTime(cityForm: text) } throws: { ($0 as? LocalTimeError)?.code == .form }
    }

    @Test func `reads ISO 8601, with a day alone meaning its first second`() throws {
        #expect(try LocalTime(isoForm: "2011-03-20T07:08:09").description == "2011-03-20T07:08:09")
        #expect(try LocalTime(isoForm: "2011-03-20").description == "2011-03-20T00:00:00")
        for text in [
            "2011-3-20", "2011-03-20T07:08", "2011-03-20 07:08:09", "2011-02-30", "2011-03-20T24:00:00", "now",
        ] {
            #expect(throws: LocalTimeError.self, "\(text)") { try LocalTime(isoForm: text) }
        }
    }

    @Test func `measures across months, leap days and years`() throws {
        let pairs = [
            ("2011-03-19T00:00:01", "2011-03-20T00:00:00", 86_399), ("2012-02-28", "2012-03-01", 2 * 86_400),
            ("2011-02-28", "2011-03-01", 86_400), ("2010-12-31T23:59:59", "2011-01-01", 1),
            ("1900-01-01", "2000-01-01", 36_524 * 86_400), ("2011-03-20", "2011-03-19", -86_400),
        ]
        for (first, second, seconds) in pairs {
            let (start, end) = (try LocalTime(isoForm: first), try LocalTime(isoForm: second))
            #expect(start.duration(to: end) == .seconds(seconds), "\(first) to \(second)")
            #expect((start < end) == (seconds > 0))
        }
    }

    @Test func `is written as ISO 8601 and read back`() throws {
        let time = try LocalTime(isoForm: "0999-03-20T07:08:09")
        let data = try JSONEncoder().encode([time])
        #expect(String(decoding: data, as: UTF8.self) == #"["0999-03-20T07:08:09"]"#)
        #expect(try JSONDecoder().decode([LocalTime].self, from: data) == [time])
    }
}
