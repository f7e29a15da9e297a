/// The schemas of schemas, which every registry knows: json-schema.org/draft-07 and json-schema.org/draft/2020-12, without
/// their comments.
enum MetaSchemas {
    static func document(at address: String) -> JSON? { documents[address] }

    private static let documents: [String: JSON] = {
        var documents: [String: JSON] = [:]
        for text in [draft7] + draft2020 {
            // Invariant: the texts are constants, and a test validates by each of them.
            guard let json = try? JSON(parsing: text), let id = json["$id"]?.text else {
                preconditionFailure("a meta-schema is no JSON: \(text)")
            }
            documents[URIReference(id).withoutFragment.text] = json
        }
        return documents
    }()
}
