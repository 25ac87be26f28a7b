using System.Text.Json;
using MassMessaging.Analytics;
using MassMessaging.Tests.Clients;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Analytics;

/// <summary>
/// The product's own statements over the rows that millions of events leave: they go by an index of the profile, as the owner and under
/// row-level security, and read what the question is about.
/// </summary>
public sealed class AnalyticsReadsSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A campaign of a week for each of the profile's weeks: 96 quarters a day, three labels. Ten other profiles have as much.
    private const string Figures = """
        insert into campaign_figures (profile_id, id, starts_at, label, variant, reason, total, sent, delivered, sends, send_milliseconds)
        select p, overlay(md5(p::text || q / 672)::text placing '7' from 13)::uuid, @start + q * interval '15 minutes', label, '', '', 250, 250, 240, 250, 50000
        from unnest(@profiles::uuid[]) p, generate_series(0, @quarters - 1) q, unnest('{consumidor,prospecto,afiliado}'::text[]) label
        """;

    private const string Durations = """
        insert into campaign_durations (profile_id, id, starts_at, kind, at_least, samples)
        select f.profile_id, f.id, f.starts_at, kind, step, 10
        from campaign_figures f, unnest('{send,delivery}'::text[]) kind, generate_series(1, 12) step
        where f.label = 'afiliado'
        """;

    private sealed record Read(string Name, string Text, long Rows, params (string Name, object Value)[] Arguments);

    [Theory]
    [Sizes(1_344, 10_000)]
    public async Task Every_figure_goes_by_an_index_and_reads_the_rows_that_it_adds_up(int quarters)
    {
        var profiles = new List<Guid>();
        for (var made = 0; made < 11; made++) profiles.Add(await database.Profile());
        await Run(Figures, ("profiles", profiles.ToArray()), ("start", Start), ("quarters", quarters));
        await Run(Durations);
        await database.Execute("analyze campaign_figures; analyze campaign_durations");

        var wrong = new List<string>();
        await UnderPolicies(profiles[0], async role =>
        {
            foreach (var read in Reads(profiles[0], await Campaign(profiles[0])))
            {
                wrong.AddRange(await Wrong(read, "", profiles[0]));
                wrong.AddRange(await Wrong(read, role, profiles[0]));
            }
        });

        Assert.Equal("", string.Join('\n', wrong));
    }

    private static IReadOnlyList<Read> Reads(Guid profile, Guid campaign)
    {
        var period = new Period(Start, Start.AddDays(7), TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City"));
        var offsets = ZoneOffsets.Of(period.Zone, period.From, period.To);
        (string, object)[] args =
        [
            ("profile", profile), ("id", campaign), ("from", period.From), ("to", period.To), ("since", offsets.Since), ("minutes", offsets.Minutes),
            ("starts", Buckets.Starts(period, Bucket.Hour, 1000).Select(start => start.ToUniversalTime()).ToArray()),
        ];
        return
        [
            new("campaign", ReadCampaignFigures.Figures, 2016, args), new("overview", ReadOverview.Figures, 2016, args),
            new("timeseries", ReadTimeseries.Figures, 2016, args), new("campaign's durations", MassMessaging.Analytics.Durations.OfCampaign, 16_128, args),
            new("period's durations", MassMessaging.Analytics.Durations.OfPeriod, 16_128, args), new("campaigns", ReadOverview.Campaigns, 0, args),
        ];
    }

    private async Task UnderPolicies(Guid profile, Func<string, Task> asks)
    {
        var role = $"analyst_{profile:n}";
        await database.Execute($"create role {role}; grant usage on schema {database.Schema} to {role}; grant select on all tables in schema {database.Schema} to {role}");
        foreach (var table in (string[])["campaign_figures", "campaign_durations", "campaign"])
            await database.Execute(
                $"alter table {table} enable row level security; create policy own on {table} using (profile_id = nullif(current_setting('app.tenant_id', true), '')::uuid)");
        try
        {
            await asks(role);
        }
        finally
        {
            await database.Execute($"drop owned by {role}; drop role {role}");
        }
    }

    private async Task<List<string>> Wrong(Read read, string role, Guid tenant)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (role.Length > 0)
        {
            await using var enter = new NpgsqlCommand($"set local role {role}; select set_config('app.tenant_id', '{tenant}', true)", connection);
            await enter.ExecuteNonQueryAsync();
        }

        await using var explain = Command(connection, $"explain (analyze, format json) {read.Text}", read.Arguments);
        var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync())!).RootElement;
        var scans = Scans(plan).ToList();
        var rows = scans.Sum(scan => (long)scan.GetProperty("Actual Rows").GetDouble());
        var name = $"{read.Name} {role}";
        return
        [
            .. scans.Where(scan => scan.GetProperty("Node Type").GetString() == "Seq Scan").Select(_ => $"{name}: scans a whole table"),
            .. rows == read.Rows ? Array.Empty<string>() : [$"{name}: reads {rows} rows for {read.Rows}"],
        ];
    }

    /// <summary>The parts of a plan that read a table.</summary>
    private static IEnumerable<JsonElement> Scans(JsonElement plan) => plan.ValueKind switch
    {
        JsonValueKind.Array => plan.EnumerateArray().SelectMany(Scans),
        JsonValueKind.Object when plan.TryGetProperty("Relation Name", out _) => [plan],
        JsonValueKind.Object => plan.EnumerateObject().SelectMany(property => Scans(property.Value)),
        _ => [],
    };

    private async Task<Guid> Campaign(Guid profile) =>
        await database.Value<Guid>($"select id from campaign_figures where profile_id = '{profile}' and starts_at = '{Start:O}' limit 1");

    private async Task Run(string text, params (string Name, object Value)[] args)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var command = Command(connection, text, args);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, (string Name, object Value)[] args)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var (name, value) in args.Where(one => text.Contains($"@{one.Name}", StringComparison.Ordinal))) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
