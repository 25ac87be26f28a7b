using System.Text.RegularExpressions;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests;

/// <summary>The shape of the code, read from its source: reflection would miss what only method bodies name.</summary>
public sealed partial class ArchitectureSpecs
{
    private const int LongestFile = 220;

    /// <summary>Who may use whom. It stands in docs/architecture.md too. A new direction is a decision: write it in both places.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Analytics"] = ["Campaigns", "Http", "Kernel", "Profiles", "WhatsApp"],
        ["Assistant"] = ["Campaigns", "Clients", "Http", "Kernel", "Profiles", "Templates", "WhatsApp"],
        ["Audit"] = ["Campaigns", "Clients", "Http", "Kernel", "Templates"],
        ["Campaigns"] = ["Clients", "Http", "Kernel", "Notifications", "Profiles", "Templates", "WhatsApp"],
        ["Clients"] = ["Http", "Kernel"],
        ["Demo"] = ["Http"],
        ["EmbeddedPostgres"] = [],
        ["Health"] = ["Http", "Kernel"],
        ["Http"] = ["Kernel", "OpenApi"],
        ["Idempotency"] = ["Clients", "Http", "Kernel"],
        ["Notifications"] = ["Http", "Kernel"],
        ["OpenApi"] = ["Http"],
        ["Operations"] = ["Http", "Kernel", "Profiles"],
        ["Profiles"] = ["Clients", "Http", "Kernel", "Templates"],
        ["Surveys"] = ["Clients", "Http", "Kernel"],
        ["Telemetry"] = ["Kernel"],
        ["Templates"] = ["Http", "Kernel"],
        ["WhatsApp"] = ["Http", "Kernel", "Notifications"],
    };

    /// <summary>Where a clock other than the kernel's is read, and why that is right there.</summary>
    private static readonly string[] ReadsTheSystemsClock =
    [
        "MassMessaging.Kernel/Clock/DatabaseClock.cs", // before the first measurement
        "MassMessaging/Profiles/SignIn/KeyRing.cs", // Data Protection knows no other
        "MassMessaging/Telemetry/JsonLogs.cs", // a line is written also while the database is away
    ];

    private static readonly string[] AsksTheDatabaseForTheTime =
    [
        "MassMessaging.Kernel/Clock/DatabaseClock.cs",
        "MassMessaging.Kernel/Migrations/0001_events.sql", // Marten's own defaults
    ];

    [Fact]
    public void Folders_use_only_whom_the_table_allows() => Assert.Empty(
        from file in Files("MassMessaging", "*.cs")
        let folder = Folder(file.Path)
        where folder is not null
        from used in Named().Matches(file.Code).Select(match => match.Groups["folder"].Value).Distinct()
        where used != folder && !Allowed[folder].Contains(used)
        select $"{file.Path} uses {used}");

    [Fact]
    public void Every_folder_stands_in_the_table() => Assert.Equal(
        Allowed.Keys.Order(), Files("MassMessaging", "*.cs").Select(file => Folder(file.Path)).OfType<string>().Distinct().Order());

    [Fact]
    public void The_table_in_the_documents_is_this_one()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "architecture.md"));

        Assert.All(Allowed, row => Assert.Contains(
            $"| {row.Key} | {(row.Value.Length == 0 ? "none" : string.Join(", ", row.Value))} |", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MassMessaging.Kernel")]
    [InlineData("MassMessaging.Simulator")]
    public void The_kernel_and_the_simulator_know_no_feature(string project) => Assert.Empty(
        from file in Files(project, "*.cs")
        from Match match in Project().Matches(file.Code)
        where !$"{match.Value}.".StartsWith($"{project}.", StringComparison.Ordinal)
        select $"{file.Path} names {match.Value}");

    [Fact]
    public void The_kernel_speaks_of_no_feature() => Assert.Empty(
        from file in Files("MassMessaging.Kernel", "*.*")
        from Match match in FeatureWord().Matches(file.Text)
        select $"{file.Path} says {match.Value}");

    [Fact]
    public void Every_event_is_registered_once_and_written_by_some_slice()
    {
        var events = Declared().Events;
        var code = string.Concat(Files("MassMessaging", "*.cs").Select(file => file.Code));

        Assert.Equal(events.Count, events.Select(type => type.WireName).Distinct().Count());
        Assert.Equal(events.Count, events.Select(type => type.ClrType).Distinct().Count());
        Assert.All(events, type => Assert.Matches($@"new {type.ClrType.Name}\b", code));
    }

    [Fact]
    public void Every_message_has_exactly_one_handler_and_a_queue()
    {
        var kernel = Declared();
        var handled = typeof(Feature).Assembly.GetTypes().SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IHandle<>))
            .Select(type => type.GetGenericArguments()[0].Name);

        Assert.Equal(handled.Order(), kernel.Messages.Select(type => type.ClrType.Name).Order());
        Assert.Equal(kernel.Messages.Count, kernel.Messages.Select(type => type.WireName).Distinct().Count());
        Assert.All(kernel.Messages, type => Assert.Contains(type.Queue, kernel.Queues.Select(queue => queue.Name)));
    }

    [Fact]
    public void Time_comes_from_the_kernels_clock() => Assert.Equal(
        ReadsTheSystemsClock,
        from file in Files("MassMessaging.Kernel", "*.cs").Concat(Files("MassMessaging", "*.cs"))
        where SystemClock().IsMatch(file.Code)
        select file.Path);

    // A time limit comes as the same exception as a stop: let through, it would take the service down.
    [Fact]
    public void No_background_service_takes_a_time_limit_for_a_stop() => Assert.Empty(
        from file in Files("MassMessaging.Kernel", "*.cs").Concat(Files("MassMessaging", "*.cs"))
        where file.Code.Contains("BackgroundService", StringComparison.Ordinal) && file.Code.Contains("is not OperationCanceledException", StringComparison.Ordinal)
        select file.Path);

    [Fact]
    public void Sql_is_given_the_time() => Assert.Equal(
        AsksTheDatabaseForTheTime,
        from file in Files("MassMessaging.Kernel", "*.*").Concat(Files("MassMessaging", "*.*"))
        where DatabaseTime().IsMatch(file.WithoutComments)
        select file.Path);

    [Fact]
    public void No_file_is_longer_than_a_person_reads_at_once() => Assert.Empty(
        from file in Files("", "*.cs")
        let lines = file.Text.Count(sign => sign == '\n')
        where lines > LongestFile
        select $"{file.Path} has {lines} lines");

    private static KernelBuilder Declared()
    {
        var kernel = new KernelBuilder();
        Features.Declare(kernel);
        return kernel;
    }

    /// <summary>Null for the files above the features, which put them together.</summary>
    private static string? Folder(string path) => path.Split('/') is [_, var folder, _, ..] ? folder : null;

    private static IEnumerable<SourceFile> Files(string below, string pattern)
    {
        var root = Path.Combine(Sources.Root, "src");
        return Directory.EnumerateFiles(Path.Combine(root, below), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(root, path))));
    }

    private sealed record SourceFile(string Path, string Text)
    {
        public string WithoutComments => Noise().Replace(Text, found => IsComment(found) ? "" : found.Value);

        /// <summary>Without comments and texts.</summary>
        public string Code => Noise().Replace(Text, found => IsComment(found) ? "" : "\"\"");

        private static bool IsComment(Match found) => found.ValueSpan.StartsWith("//", StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"(\bMassMessaging\.|(?<![\w.]))(?<folder>Assistant|Audit|Campaigns|Clients|Demo|EmbeddedPostgres|Health|Http|Idempotency|Kernel|Notifications|OpenApi|Operations|Profiles|Surveys|Telemetry|Templates|WhatsApp)"
        + @"(?=[.;]\s*[A-Z\n\r])",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\bMassMessaging(\.[A-Z]\w*)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Project();

    [GeneratedRegex("campaign|whatsapp|evolution|template|\\badvisors?\\b", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 5000)]
    private static partial Regex FeatureWord();

    [GeneratedRegex(
        @"DateTime(Offset)?\.(Utc)?(Now|Today)|\bSystem\.Get(Utc|Local)Now", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SystemClock();

    [GeneratedRegex(
        @"\bnow\(\)|(clock|current|statement)_timestamp|\blocaltimestamp", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex DatabaseTime();

    /// <summary>Texts and comments; what looks like the one within the other is not taken for it.</summary>
    [GeneratedRegex(
        "\"\"\"[\\s\\S]*?\"\"\"|\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])'|//[^\n]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Noise();
}
