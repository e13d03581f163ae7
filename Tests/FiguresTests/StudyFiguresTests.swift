import CPNG
import Classifiers
import Digits
import Foundation
import ModelSelection
import TestData
import Testing

@testable import Figures

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Figures")
struct StudyFiguresTests {
    /// A small search whose figures have everything in them.
    private static func result() async throws -> SearchResult {
        let dataset = SyntheticDigits.dataset(rowCount: 200, seed: 3)
        let space = try SearchSpace(
            yaml: """
                search:
                  - classifier: svm
                    grid: {C: [0.1, 10], gamma: [0.03, auto], kernel: [rbf, linear]}
                  - classifier: random-forest
                    grid: {n_estimators: [3, 30], max_features: [sqrt, log2], max_depth: [null, 5]}
                """)
        let search = try GridSearch(
            space: space, dataset: dataset, folds: .stratified(labels: dataset.labels, foldCount: 3, seed: 0), seed: 0)
        return SearchResult(search: search, trials: try await search.run(jobCount: 2))
    }

    @Test("a study's figures are all there, each of them well-formed")
    func all() async throws {
        let figures = StudyFigures(
            try await Self.result(),
            comparisons: [("elsewhere <&>", [.svm: AccuracyChart.Measurement(mean: 0.9, standardDeviation: 0.01)])]
        ).all
        #expect(
            figures.map(\.fileName) == [
                "digit.svg", "digit.png", "sheet.png", "accuracy.svg", "confusion.svg", "misclassified.svg", "svm-heat-map.svg",
                "forest-trees.svg",
            ])
        for figure in figures {
            if let folder = ProcessInfo.processInfo.environment["DIGITD_FIGURES"] {
                try Data(figure.bytes).write(to: URL(filePath: folder).appending(path: figure.fileName))
            }
            if figure.fileName.hasSuffix(".png") {
                #expect(figure.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            } else {
                let document = try XMLDocument(data: Data(figure.bytes))
                #expect(document.rootElement()?.name == "svg")
                #expect(document.rootElement()?.elements(forName: "title").count == 1)
            }
        }
    }

    @Test("the numbers in a figure are those of the search")
    func numbers() async throws {
        let result = try await Self.result()
        let texts = Dictionary(
            uniqueKeysWithValues: StudyFigures(result).all.map { ($0.fileName, String(decoding: $0.bytes, as: UTF8.self)) })
        for classifier in result.classifiers {
            let mean = try #require(result.best(of: classifier)?.meanAccuracy)
            #expect(texts["accuracy.svg"]?.contains(">\(FigureNumber.percent(mean, decimals: 2))<") == true)
        }
        for candidate in result.candidates where candidate.candidate < 8 {
            let mean = try #require(candidate.meanAccuracy)
            #expect(texts["svm-heat-map.svg"]?.contains(">\(FigureNumber.percent(mean))<") == true)
        }
        let best = try #require(result.best())
        let correctCount = best.trials.compactMap { trial -> Int? in
            guard let trial, case .succeeded(let success) = trial.outcome else { return nil }
            return Int((success.accuracy * Double(success.predictions.count)).rounded())
        }.reduce(0, +)
        #expect(texts["misclassified.svg"]?.components(separatedBy: ", read ").count == 200 - correctCount + 1)
    }

    @Test("colours tell 93 % from 96 %, whatever the worst candidate is, and the worst ones share the last colour")
    func colours() {
        let colours = AccuracyColours(of: [0.1, 0.93, 0.957, 0.96, 0.62])
        #expect(colours.range == (1 - 10 * (1 - 0.96))...0.96)
        #expect(colours.colour(of: 0.96) == "rgb(253,231,37)")
        #expect(colours.colour(of: 0.1) == "rgb(68,1,84)")
        #expect(colours.share(of: 0.96) - colours.share(of: 0.93) > 0.2)
        #expect(colours.share(of: 0.96) - colours.share(of: 0.957) > 0.02)
        #expect(colours.marks(distance: 0.05) == [0.96, 0.95, 0.94, 0.93, 0.92, 0.9, 0.85, 0.8, 0.7, 0.6])
        #expect(AccuracyColours(of: [1, 1]).share(of: 1) == 1)
    }

    @Test("the heat map has gamma in the order of its numbers, the best cell framed and a bar of colours")
    func heatMap() async throws {
        let figure = try #require(StudyFigures(try await Self.result()).all.first { $0.fileName == "svm-heat-map.svg" })
        let text = String(decoding: figure.bytes, as: UTF8.self)
        // 1/256 is less than 0.03, though the grid has it first or last.
        let auto = try #require(text.range(of: ">auto<"))
        let number = try #require(text.range(of: ">0.03<"))
        #expect(auto.lowerBound < number.lowerBound)
        let best = try #require(try await Self.result().candidates.prefix(8).compactMap(\.meanAccuracy).max())
        let bestCount = try await Self.result().candidates.prefix(8).count { $0.meanAccuracy == best }
        // One more is the legend's.
        #expect(text.components(separatedBy: "class=\"best\"").count - 1 == bestCount + 1)
        #expect(text.contains(">best<"))
    }

    @Test("the forest's curves have whiskers, and the numbers at the right of the accuracies a heading")
    func whiskersAndHeading() async throws {
        let result = try await Self.result()
        let texts = Dictionary(
            uniqueKeysWithValues: StudyFigures(result).all.map { ($0.fileName, String(decoding: $0.bytes, as: UTF8.self)) })
        let forestCount = result.candidates.count - 8
        #expect(texts["forest-trees.svg"]?.components(separatedBy: " whisker\"").count == forestCount + 1)
        #expect(texts["accuracy.svg"]?.contains(">digitd, %<") == true)
        #expect(texts["misclassified.svg"]?.contains(/>true \d, read \d</) == true)
    }

    @Test("round values mark an axis, and numbers are written without noise")
    func axis() {
        let scale = LinearScale(covering: 0.763...0.9612, pixels: (0, 100))
        #expect(scale.ticks.map { FigureNumber.percent($0, decimals: 0) } == ["75", "80", "85", "90", "95", "100"])
        #expect(scale.pixel(0.75) == 0 && scale.pixel(1) == 100)
        #expect(FigureNumber.text(-0.001, decimals: 2) == "0")
        #expect(FigureNumber.text(12.50, decimals: 2) == "12.5")
        #expect(FigureNumber.fixed(0.995, decimals: 1) == "1.0")
    }

    @Test("a digit's pixels stand in the PNG in their order, ink black")
    func pixels() throws {
        let bytes = PNGImage(GreyImage(width: 3, height: 2, pixels: [255, 0, 0, 0, 0, 100]), scale: 2).bytes
        var header = png_image()
        header.version = UInt32(PNG_IMAGE_VERSION)
        var pixels = [UInt8](repeating: 1, count: 24)
        bytes.withUnsafeBytes { file in
            #expect(png_image_begin_read_from_memory(&header, file.baseAddress, file.count) != 0)
            header.format = UInt32(PNG_FORMAT_GRAY)
            #expect(png_image_finish_read(&header, nil, &pixels, 6, nil) != 0)
        }
        #expect(header.width == 6 && header.height == 4)
        let (upper, lower): ([UInt8], [UInt8]) = ([0, 0, 255, 255, 255, 255], [255, 255, 255, 255, 155, 155])
        #expect(pixels == upper + upper + lower + lower)
    }
}
