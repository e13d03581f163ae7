import Classifiers
import Experiments
import Logging

/// Every setting of `digitd serve`, checked.
///
/// A setting is a property here, at its default, and a row in the table below. Nothing else knows of it but its use.
struct ServeConfiguration: Hashable {
    fileprivate(set) var host = "127.0.0.1"
    /// 0 for any free port.
    fileprivate(set) var port: UInt16 = 8080
    /// Whether an address that other machines reach may be listened on.
    fileprivate(set) var isInsecure = false
    fileprivate(set) var modelsFolder = "Models"
    /// The classifier that answers where a request names none; nil where accuracies, or clients, decide.
    fileprivate(set) var defaultModel: ClassifierName?
    fileprivate(set) var stateFolder = "state"
    fileprivate(set) var databaseWaitSeconds = ExperimentStore.defaultLockWaitSeconds
    fileprivate(set) var semeionPath = "data/semeion.data"
    /// Under which clients reach the server besides localhost and addresses, in lower case; the host that it listens on among them.
    fileprivate(set) var hostNames: Set<String> = []
    /// Nil for one a processor.
    fileprivate(set) var threadCount: Int?
    fileprivate(set) var connectionLimit = 1_024
    /// 0 for no limit but `connectionLimit`.
    fileprivate(set) var perAddressLimit = 0
    fileprivate(set) var bodyLimitBytes = 1 << 20
    fileprivate(set) var batchLimit = 4_096
    fileprivate(set) var inactivityTimeoutSeconds = 75
    fileprivate(set) var headDeadlineSeconds = 10.0
    fileprivate(set) var bodyDeadlineSeconds = 30.0
    fileprivate(set) var bodyBytesPerSecond = 1_000
    fileprivate(set) var stopDelaySeconds = 0.0
    fileprivate(set) var gracePeriodSeconds = 10.0
    /// Nil for one fewer than there are processors, and at least one.
    fileprivate(set) var chosenWorkerCount: Int?
    /// Nil for no limit.
    fileprivate(set) var workerMemoryBytes: Int? = 2 << 30
    fileprivate(set) var workersAreIdle = true
    fileprivate(set) var unitTimeoutSeconds = 3_600.0
    fileprivate(set) var queueLimit = 1_000
    fileprivate(set) var listenerLimit = 100
    fileprivate(set) var uploadLimitBytes = 64 << 20
    fileprivate(set) var keptExperimentCount = 200
    fileprivate(set) var keptVersionCount = 20
    fileprivate(set) var logLevel = Logger.Level.info
    fileprivate(set) var logFormat = LogFormat.auto
    fileprivate(set) var logAccess = LogAccess.errors

    enum LogFormat: String, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case text
        case json
    }

    /// Which requests get a line in the log.
    enum LogAccess: String, CaseIterable {
        case all
        /// Those answered with 400 or more, or not at all.
        case errors
        case none
    }
}

extension Setting {
    /// Every setting, in the order of `--help`.
    static let all: [Setting] = [
        Setting("host", \.host, .text("address"), "The address to listen on: IPv4, IPv6, or a name.") { configuration in
            configuration.isInsecure || Loopback.contains(configuration.host)
                ? nil
                : "which other machines can reach, and digitd has no keys yet: anybody there may use it; "
                    + "expected a loopback address (127.0.0.0/8, ::1, localhost), or --insecure to let everybody ask"
        },
        Setting("port", \.port, .whole(0...65_535, valueName: "port"), "The port to listen on; 0 for any that is free."),
        Setting("insecure", \.isInsecure, .truth, "Listen also on an address that other machines reach, where everybody may ask."),
        Setting("models", \.modelsFolder, .folder, "The folder of model documents."),
        Setting(
            "defaultModel", \.defaultModel, .choiceOrNil("model"),
            "The model that answers where a request names none, whatever was pinned before; auto to leave it to PUT /models/default and accuracies."
        ),
        Setting("state", \.stateFolder, .folder, "The folder of all that the server remembers: experiments, trained models, data sets."),
        Setting(
            "databaseWaitSeconds", \.databaseWaitSeconds, .seconds(0...86_400),
            "Seconds that a change of the state folder waits where another process keeps its database locked."),
        Setting("semeion", \.semeionPath, .file, "The file of the Semeion data set, for experiments on it."),
        Setting(
            "hostNames", \.hostNames, .names,
            "Names under which clients reach the server, besides localhost and addresses; separated by commas."),
        Setting("threads", \.threadCount, .wholeOrNil(upTo: 1_024), "Threads that serve; 0 for one a processor."),
        Setting(
            "connectionLimit", \.connectionLimit, .whole(1...1_000_000), "Connections at once; at least one for each thread."
        ) { configuration in
            guard let threadCount = configuration.threadCount, configuration.connectionLimit < threadCount else { return nil }
            return "expected at least \(threadCount), one for each of the threads"
        },
        Setting(
            "perAddressLimit", \.perAddressLimit, .whole(0...1_000_000),
            "Connections at once from one address; 0 for no limit but the one of all."),
        Setting("bodyLimitBytes", \.bodyLimitBytes, .whole(1...1 << 30, valueName: "bytes"), "The longest body of a request, in bytes."),
        Setting("batchLimit", \.batchLimit, .whole(1...1_000_000), "Most bitmaps in one request."),
        Setting(
            "inactivityTimeoutSeconds", \.inactivityTimeoutSeconds, .whole(1...86_400, valueName: "seconds"),
            "Seconds after which a connection on which nothing moves is closed."),
        Setting(
            "headDeadlineSeconds", \.headDeadlineSeconds, .seconds(0.01...86_400), "Seconds in which the head of a request must be there."),
        Setting(
            "bodyDeadlineSeconds", \.bodyDeadlineSeconds, .seconds(0.01...86_400),
            "Seconds in which the body must be there, from the end of the head, or have made progress; then it has as long again."),
        Setting(
            "bodyBytesPerSecond", \.bodyBytesPerSecond, .whole(0...1 << 30, valueName: "bytes"),
            "What a body that takes longer must bring, on average, in bytes a second."),
        Setting(
            "stopDelaySeconds", \.stopDelaySeconds, .seconds(0...86_400),
            "Seconds between the first 503 of /readyz and the end of accepting, when the server is told to stop: what a load balancer takes to notice."
        ),
        Setting(
            "gracePeriodSeconds", \.gracePeriodSeconds, .seconds(0...86_400),
            "Seconds that requests under way get when the server is told to stop."),
        Setting(
            "workers", \.chosenWorkerCount, .wholeOrNil(upTo: 1_024),
            "Worker processes that run experiments; 0 for one fewer than processors, but at least one."),
        Setting(
            "workerMemoryBytes", \.workerMemoryBytes, .wholeOrNil(upTo: 1 << 50, valueName: "bytes"),
            "Memory that a worker may have, in bytes; 0 for no limit."),
        Setting("workerIdle", \.workersAreIdle, .truth, "Whether workers run only where nothing else wants to (SCHED_IDLE)."),
        Setting(
            "unitTimeoutSeconds", \.unitTimeoutSeconds, .seconds(0.01...604_800),
            "Seconds that a worker may take over one unit of work before it is killed and the unit tried again, three times in all."),
        Setting("queueLimit", \.queueLimit, .whole(1...1_000_000), "Experiments that may wait for their turn."),
        Setting("listenerLimit", \.listenerLimit, .whole(0...1_000_000), "Clients that may listen to events at once."),
        Setting(
            "uploadLimitBytes", \.uploadLimitBytes, .whole(1...1 << 36, valueName: "bytes"), "The longest data set that is taken, in bytes."
        ),
        Setting(
            "keptExperiments", \.keptExperimentCount, .whole(1...1_000_000), "Finished experiments that are kept; of more, the oldest go."),
        Setting(
            "keptVersions", \.keptVersionCount, .whole(1...1_000_000),
            "Trained versions of a classifier that are kept; of more, the oldest go that do not serve."),
        Setting("log.level", \.logLevel, .choice("level"), "The least level that is logged."),
        Setting(
            "log.format", \.logFormat, .choice("format"),
            "Text for people, JSON lines for programs, or auto: text on a terminal, else JSON."),
        Setting(
            "log.access", \.logAccess, .choice("requests"),
            "Requests that get a line, whatever the level; errors are those answered with 400 or more, or not at all."),
    ]

    /// The setting of a name in the file; nil where there is none.
    static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}

extension ServeConfiguration {
    /// - Throws: `SettingError.invalid` naming the first setting that does not fit and where it comes from.
    init(_ sources: SettingSources) throws(SettingError) {
        self.init()
        for setting in Setting.all { try setting.assign(from: sources, to: &self) }
        for setting in Setting.all { try setting.check(self, from: sources) }
        hostNames.insert(host.lowercased())
    }

    /// Worker processes that run experiments, 1 or more.
    var workerCount: Int { chosenWorkerCount ?? max(1, Processors.count - 1) }
}
