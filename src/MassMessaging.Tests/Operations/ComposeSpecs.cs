using System.Text.RegularExpressions;
using System.Xml.Linq;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Operations;

/// <summary>What can be checked of docker-compose.yml and the Dockerfile without an engine.</summary>
public sealed partial class ComposeSpecs
{
    private static readonly string Compose = File.ReadAllText(Path.Combine(Sources.Root, "docker-compose.yml"));

    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(Sources.Root, "Dockerfile"));

    /// <summary>What receipts and the look-up of messages in doubt or lost with a restore rest on.</summary>
    private static readonly string[] KeptByTheGateway = ["DATABASE_SAVE_DATA_INSTANCE", "DATABASE_SAVE_DATA_NEW_MESSAGE", "DATABASE_SAVE_MESSAGE_UPDATE"];

    [Fact]
    public void Every_name_that_the_service_is_given_is_one_that_it_reads() =>
        Assert.Empty(Environment("massmessaging").Keys.Except(OperationsDocumentSpecs.Documented()));

    [Fact]
    public void The_service_is_given_what_it_cannot_do_without() => Assert.Superset(
        new HashSet<string>(["ConnectionStrings__Postgres", "EVOLUTION_API_URL", "EVOLUTION_API_KEY", "PUBLIC_URL"]),
        Environment("massmessaging").Keys.ToHashSet());

    [Fact]
    public void The_gateway_keeps_what_lost_answers_are_looked_up_in() =>
        Assert.All(KeptByTheGateway, name => Assert.Equal("\"true\"", Environment("evolution")[name]));

    [Fact]
    public void The_gateway_and_the_service_have_one_key_and_one_password()
    {
        Assert.Contains("${EVOLUTION_API_KEY", Environment("evolution")["AUTHENTICATION_API_KEY"], StringComparison.Ordinal);
        Assert.Contains("${EVOLUTION_API_KEY", Environment("massmessaging")["EVOLUTION_API_KEY"], StringComparison.Ordinal);
        Assert.Contains("${POSTGRES_PASSWORD", Environment("postgres")["POSTGRES_PASSWORD"], StringComparison.Ordinal);
        Assert.Contains("Password=${POSTGRES_PASSWORD", Environment("massmessaging")["ConnectionStrings__Postgres"], StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_of_a_named_version()
    {
        var images = Image().Matches(Compose).Select(match => match.Groups["name"].Value).Concat(Dockerfile
            .Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])).ToList();

        Assert.Equal(4, images.Count);
        Assert.All(images, image => Assert.Matches(@":v?\d+\.\d+", image));
    }

    [Fact]
    public void Every_volume_that_is_used_is_declared()
    {
        var declared = Compose.Split("\nvolumes:\n")[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim(' ', ':')).Order();

        Assert.Equal(declared, Volume().Matches(Compose).Select(match => match.Groups["name"].Value).Order());
    }

    [Fact]
    public void Health_is_asked_at_a_route_that_there_is()
    {
        Assert.Contains("/health/ready", Service("massmessaging"), StringComparison.Ordinal);
        Assert.Contains("/health/live", string.Join('\n', Dockerfile), StringComparison.Ordinal);
        Assert.All(["/live", "/ready"], route => Assert.Contains(
            $"MapGet(\"{route}\"", File.ReadAllText(Path.Combine(Sources.Root, "src", "MassMessaging", "Health", "HealthRoutes.cs")), StringComparison.Ordinal));
    }

    [Fact]
    public void The_service_runs_as_nobody_special_and_writes_nowhere()
    {
        Assert.Contains("USER 1654", Dockerfile);
        Assert.Contains("read_only: true", Service("massmessaging"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_image_is_built_from_is_there() => Assert.All(
        Dockerfile.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]),
        path => Assert.True(Path.Exists(Path.Combine(Sources.Root, path)), path));

    [Fact]
    public void Every_project_that_the_service_is_built_from_is_copied() => Assert.All(
        XDocument.Load(Path.Combine(Sources.Root, "src", "MassMessaging", "MassMessaging.csproj")).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Split('/')[1]),
        project => Assert.Equal(2, Dockerfile.Count(line => line.StartsWith($"COPY src/{project}", StringComparison.Ordinal))));

    [Fact]
    public void What_is_published_is_what_starts() => Assert.Contains("""ENTRYPOINT ["dotnet", "MassMessaging.dll"]""", Dockerfile);

    /// <summary>Its lines, down to the next service.</summary>
    private static string Service(string name) => NextService().Split(Compose.Split($"\n  {name}:\n")[1])[0];

    private static Dictionary<string, string> Environment(string service) => Variable()
        .Matches(NextKey().Split(Service(service).Split("    environment:\n")[1])[0])
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim());

    [GeneratedRegex(@"^\s+image: (?<name>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Image();

    [GeneratedRegex("^      - (?<name>[a-z]+):/", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Volume();

    [GeneratedRegex(@"^( {0,2})[a-z]+:$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NextService();

    [GeneratedRegex("^    [a-z_]+:", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NextKey();

    [GeneratedRegex("^      (?<name>[A-Za-z_]+): (?<value>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
