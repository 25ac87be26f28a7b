using MassMessaging.Audit;

namespace MassMessaging.Tests.Audit;

[Collection(nameof(AuditRun))]
public sealed class AuditCommandSpecs(AuditRun run)
{
    [Fact]
    public async Task Export_writes_the_proof_that_the_api_answers()
    {
        var (code, text) = await Run("export", $"{run.Campaign}");

        Assert.Equal(0, code);
        Assert.Equal(await run.Proof(run.Campaign), AuditRun.Lines(text));
    }

    [Fact]
    public async Task Verify_checks_a_file_by_itself_or_against_the_log()
    {
        var file = Path.GetTempFileName();
        Assert.Equal(0, (await Run("export", $"{run.Campaign}", file)).Code);

        var alone = new StringWriter();
        Assert.Equal(0, await AuditCommand.VerifyAlone(file, alone, default));
        Assert.StartsWith("valid: ", alone.ToString(), StringComparison.Ordinal);
        Assert.Contains("agrees with the log", (await Run("verify", file, "--log")).Text, StringComparison.Ordinal);

        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, lines.Where((_, place) => place != 3));
        Assert.Equal(1, await AuditCommand.VerifyAlone(file, alone, default));
        Assert.Contains("NOT VALID: removed at event", alone.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Replay_tells_a_line_an_event()
    {
        var (code, text) = await Run("replay", $"{run.Campaign}", "0");

        Assert.Equal(0, code);
        Assert.Equal((await run.History(run.Campaign)).Count, AuditRun.Lines(text).Count);
    }

    [Theory]
    [InlineData("replay", "no-id")]
    [InlineData("replay", "01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d")]
    [InlineData("verify", "/nowhere/at/all", "--log")]
    [InlineData("nonsense")]
    public async Task What_cannot_be_done_is_a_sentence_and_no_success(params string[] words) => Assert.Equal(2, (await Run(words)).Code);

    private async Task<(int Code, string Text)> Run(params string[] words)
    {
        var output = new StringWriter();
        return (await AuditCommand.Run(words, run.App.Services, output, default), output.ToString());
    }
}
