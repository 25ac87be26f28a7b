using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Audit;

public sealed class ArchiveSpecs(ArchiveSpecs.Setup setup) : IClassFixture<ArchiveSpecs.Setup>
{
    /// <summary>An app with a folder, and a campaign that was cancelled.</summary>
    public sealed class Setup(TestCluster cluster) : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public Advisor Advisor { get; private set; } = null!;

        public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("archives-");

        public async ValueTask InitializeAsync()
        {
            App = await TestApp.Start(
                cluster, new TestAppOptions { Settings = new Dictionary<string, string>(TestAppOptions.Unpaced) { ["ARCHIVE_FOLDER"] = Folder.FullName } });
            Advisor = await Advisor.Of(App);
            await Advisor.HasClient("Ana");
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            Folder.Delete(recursive: true);
        }

        /// <summary>Its address in the audit.</summary>
        public async Task<string> Ended()
        {
            var campaign = await Advisor.HasDraft(new { all = true });
            (await Advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
            (await Advisor.Post($"/api/campaigns/{campaign}/cancel")).Is(HttpStatusCode.OK);
            await App.Drain();
            return $"/api/audit/campaigns/{campaign}";
        }

        public async Task<string> Archived()
        {
            var campaign = await Ended();
            (await Advisor.Post($"{campaign}/archive")).Is(HttpStatusCode.Accepted);
            await App.Drain();
            return campaign;
        }

        public FileInfo File(string campaign) => Folder.EnumerateFiles($"{campaign.Split('/')[^1]}-*", SearchOption.AllDirectories).Single();
    }

    [Fact]
    public async Task It_is_the_proof_read_back_from_a_file_and_everything_else_is_told_as_before()
    {
        var campaign = await setup.Ended();
        var (history, proof) = ((await setup.Advisor.Get(campaign)).Body.ToString(), await setup.Advisor.Http.GetStringAsync($"{campaign}/proof"));

        (await setup.Advisor.Post($"{campaign}/archive")).Is(HttpStatusCode.Accepted);
        await setup.App.Drain();

        var archive = await setup.Advisor.Get($"{campaign}/archive");
        Assert.Equal(AuditRun.Lines(proof).Count - 2, archive["events"].GetInt64());
        Assert.Equal(setup.File(campaign).Length, archive["bytes"].GetInt64());
        Assert.Equal(proof, await setup.Advisor.Http.GetStringAsync($"{campaign}/archive/proof"));
        Assert.Equal(history, (await setup.Advisor.Get(campaign)).Body.ToString());
        var verdict = await setup.Advisor.Post($"{campaign}/archive/verify");
        Assert.True(verdict["valid"].GetBoolean() && verdict["comparedWithLog"].GetBoolean());
    }

    [Fact]
    public async Task A_log_that_was_changed_since_is_found_by_it()
    {
        var campaign = await setup.Archived();
        await setup.App.Database.Execute(
            $$"""update mt_events set data = data || '{"x":1}' where stream_id = '{{campaign.Split('/')[^1]}}' and version = 2""");

        var verdict = await setup.Advisor.Post($"{campaign}/archive/verify");

        Assert.Equal("log-changed", verdict["firstBad"].GetProperty("problem").GetString());
    }

    [Fact]
    public async Task A_file_that_is_damaged_or_gone_is_said_to_be_and_made_anew()
    {
        var campaign = await setup.Archived();
        var file = setup.File(campaign);
        await File.WriteAllBytesAsync(file.FullName, (await File.ReadAllBytesAsync(file.FullName))[..60]);
        (await setup.Advisor.Post($"{campaign}/archive/verify")).Is(HttpStatusCode.ServiceUnavailable, "archive-unreadable");

        file.Delete();
        (await setup.Advisor.Post($"{campaign}/archive/verify")).Is(HttpStatusCode.ServiceUnavailable, "archive-unreadable");
        (await setup.Advisor.Get($"{campaign}/archive/proof")).Is(HttpStatusCode.ServiceUnavailable, "archive-unreadable");

        (await setup.Advisor.Post($"{campaign}/archive")).Is(HttpStatusCode.Accepted);
        await setup.App.Drain();
        Assert.True((await setup.Advisor.Post($"{campaign}/archive/verify"))["valid"].GetBoolean());
    }

    [Fact]
    public async Task What_a_kill_left_is_no_archive_and_goes_with_the_next_one()
    {
        var campaign = await setup.Archived();
        var left = new FileInfo(Path.Combine(setup.File(campaign).DirectoryName!, $"{campaign.Split('/')[^1]}-0123.part"));
        await File.WriteAllTextAsync(left.FullName, "half of it");

        (await setup.Advisor.Post($"{campaign}/archive")).Is(HttpStatusCode.Accepted);
        await setup.App.Drain();

        Assert.False(File.Exists(left.FullName));
        Assert.True((await setup.Advisor.Post($"{campaign}/archive/verify"))["valid"].GetBoolean());
    }

    [Fact]
    public async Task A_log_that_is_broken_already_is_not_archived_over_a_good_one()
    {
        var campaign = await setup.Archived();
        var good = await setup.Advisor.Get($"{campaign}/archive");
        await setup.App.Database.Execute(
            $$"""update mt_events set data = data || '{"x":1}' where stream_id = '{{campaign.Split('/')[^1]}}' and version = 1""");

        (await setup.Advisor.Post($"{campaign}/archive")).Is(HttpStatusCode.Accepted);
        await setup.App.Drain();

        Assert.Equal(good.Body.ToString(), (await setup.Advisor.Get($"{campaign}/archive")).Body.ToString());
        Assert.Equal("log-changed", (await setup.Advisor.Post($"{campaign}/archive/verify"))["firstBad"].GetProperty("problem").GetString());
    }

    [Fact]
    public async Task Nothing_is_said_of_it_while_the_chain_cannot_follow_the_log()
    {
        var campaign = await setup.Archived();
        await setup.App.Database.Execute(
            "insert into view_stop (name, seq_id, error, at) values ('audit-chain', 1, 'an event that it cannot take', '2026-01-01T00:00:00Z')");
        await setup.Advisor.HasDraft();

        (await setup.Advisor.Post($"{campaign}/archive/verify")).Is(HttpStatusCode.ServiceUnavailable, "audit-behind");

        await setup.App.Database.Execute("delete from view_stop");
        Assert.True((await setup.Advisor.Post($"{campaign}/archive/verify"))["valid"].GetBoolean());
    }

    [Fact]
    public async Task Only_what_has_ended_is_archived_and_only_into_a_folder()
    {
        var draft = $"/api/audit/campaigns/{await setup.Advisor.HasDraft()}/archive";

        (await setup.Advisor.Post(draft)).Is(HttpStatusCode.Conflict, "campaign-not-finished");
        (await setup.Advisor.Get(draft)).Is(HttpStatusCode.NotFound, "not-found");
    }
}
