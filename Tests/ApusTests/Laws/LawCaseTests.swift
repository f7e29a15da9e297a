import ApusTesting
import Testing

@Suite struct LawCaseTests {
    @Test(arguments: LawCase.all)
    func `the interpreter runs what the laws say`(_ law: LawCase) {
        let structure = RecipeStructure(law.recipe)
        #expect(structure.refusals.isEmpty)
        let result = ReferenceInterpreter.run(structure)
        #expect(result.failures.isEmpty)
        #expect(names(result.ran, law) == law.ran)
        #expect(names(result.skipped, law).split(separator: " ").sorted() == law.skipped.split(separator: " ").sorted())
    }

    private func names(_ visits: [RecipeVisit], _ law: LawCase) -> String {
        visits.map { visit in
            let numbers = visit.iterations.map(String.init).joined(separator: ".")
            return law.recipe.nodes[visit.node].name + (numbers.isEmpty ? "" : "#\(numbers)")
        }.joined(separator: " ")
    }
}
