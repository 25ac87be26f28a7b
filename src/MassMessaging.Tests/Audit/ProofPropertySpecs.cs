using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Audit;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Audit;

/// <summary>Any single change to any export is found and named, by the export alone.</summary>
public sealed class ProofPropertySpecs
{
    private static readonly StreamKey Campaign = new(Guid.CreateVersion7(), Guid.CreateVersion7());
    private static readonly DateTimeOffset At = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hash_is_the_one_that_the_documented_check_computes()
    {
        var data = """{"zwei": 0.1, "eins": null, "list": [1, "b", true, [], {}], "\u00e9": "\u00f1\ud83d\ude00<\u2028\\ \" \n \u0001 \u007f", "_": {"b": 1, "a": 2}}"""u8;
        var stored = new LoggedEvent(
            41, Guid.Parse("0198c0de-0000-7000-8000-000000000001"), 3, "message_sent", data.ToArray(),
            new DateTimeOffset(2026, 11, 22, 10, 11, 12, TimeSpan.Zero).AddMicroseconds(123), "system", "c\"1", null);

        // Both were computed by the Python of docs/audit.md.
        Assert.Equal(
            "1c1cd4f97d872e5d6bb69db859ccf93be3fd99f422138eaa135b00b744285cec",
            ProofHash.Hex(ProofHash.Next(Convert.FromHexString("e476c34c7a982cfc4fc02c8f498cd243cee84962c5802e1be2893b0325ebe3c4"), stored, previousSeq: 40)));
    }

    [Fact]
    public void An_untouched_export_is_valid_however_it_is_spelled() => Each((lines, _, _) =>
    {
        Assert.Equal(new ProofVerdict(true, lines.Count - 2, null, false), Check(lines));
        Assert.True(Check([.. lines.Select(line => JsonNode.Parse(line)!.ToJsonString(new JsonSerializerOptions { WriteIndented = false }))]).Valid);
    });

    [Fact]
    public void Any_member_changed_of_any_event_is_found_at_that_event() => Each((lines, place, random) =>
    {
        var line = JsonNode.Parse(lines[place])!.AsObject();
        var seq = (long)line["seq"]!;
        var members = line.Select(member => member.Key).Where(member => member != "seq").ToList();
        var member = members[random.Next(members.Count)];
        line[member] = member switch
        {
            "version" => (long)line[member]! + 1,
            "previousSeq" => (long?)line[member] is { } before ? before + 1 : 5,
            "data" => new JsonObject { ["text"] = "other" },
            _ => $"{line[member]}x",
        };

        Assert.Equal(new FirstBad(seq, "changed"), Check([.. lines.Select((text, at) => at == place ? line.ToJsonString() : text)]).FirstBad);
    });

    [Fact]
    public void A_changed_seq_is_found() => Each((lines, place, random) =>
    {
        var line = JsonNode.Parse(lines[place])!.AsObject();
        line["seq"] = (long)line["seq"]! + (random.Next(2) == 0 ? 1 : -1);

        Assert.False(Check([.. lines.Select((text, at) => at == place ? line.ToJsonString() : text)]).Valid);
    });

    [Fact]
    public void A_removed_event_is_named() => Each((lines, place, _) => Assert.Equal(
        new FirstBad(Seq(lines[place]), "removed"), Check([.. lines.Where((_, at) => at != place)]).FirstBad));

    [Fact]
    public void An_event_put_elsewhere_is_named() => Each((lines, place, random) =>
    {
        var moved = lines.ToList();
        moved.RemoveAt(place);
        var to = 1 + random.Next(lines.Count - 2);
        if (to == place) return;
        moved.Insert(to, lines[place]);

        // Further down: it is missed first; further up: it stands there too early.
        var bad = Check(moved).FirstBad!;
        Assert.Contains(bad.Problem, (string[])["reordered", "removed"]);
        Assert.InRange(bad.Seq, Seq(lines[Math.Min(place, to)]), Seq(lines[Math.Max(place, to)]));
    });

    [Fact]
    public void An_event_inserted_or_repeated_is_named() => Each((lines, place, random) =>
    {
        var line = JsonNode.Parse(lines[place])!.AsObject();
        var isRepeat = random.Next(2) == 0;
        if (!isRepeat) (line["seq"], line["previousSeq"]) = ((long)line["seq"]! + 1, (long)line["seq"]!);
        var inserted = lines.ToList();
        inserted.Insert(place + 1, line.ToJsonString());

        Assert.Equal(Seq(line.ToJsonString()), Check(inserted).FirstBad!.Seq);
    });

    [Fact]
    public void A_chain_forged_from_an_event_on_ends_elsewhere_than_the_kept_head() => Each((lines, place, _) =>
    {
        var head = lines[0];
        var forged = Export([.. lines.Skip(1).Take(lines.Count - 2).Select((line, at) => Stored(line, at + 1 == place ? "{\"text\": \"forged\"}" : null))]);

        Assert.Equal("head-wrong", Check([head, .. forged.Skip(1)]).FirstBad?.Problem);
        Assert.Equal("checkpoint-wrong", Check([.. forged.SkipLast(1), lines[^1]]).FirstBad?.Problem);
    });

    private static void Each(Action<IReadOnlyList<string>, int, Random> property) => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var count = 2 + random.Next(12);
            var seq = 0L;
            var events = Enumerable.Range(1, count).Select(place => new LoggedEvent(
                seq += 2 + random.Next(3), random.Next(2) == 0 ? Campaign.Id : Guid.CreateVersion7(), place, "message_sent", Data(random),
                At.AddMicroseconds(random.Next(1_000_000)), random.Next(2) == 0 ? "system" : null, "c", null)).ToList();
            property(Export(events), 1 + random.Next(count), random);
        })
        .QuickCheckThrowOnFailure();

    private static byte[] Data(Random random) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => "aé\"\\\n\u0001😀\u2028/<"[random.Next(9)]).Where(sign => !char.IsSurrogate(sign))),
        count = random.Next(),
        nested = new { zwei = random.NextDouble(), eins = (string?)null, list = new object[] { 1, "b", true } },
    });

    private static List<string> Export(IReadOnlyList<LoggedEvent> events)
    {
        AuditLink? last = null;
        var lines = new List<string>();
        foreach (var stored in events)
        {
            var hash = ProofHash.Next(last?.Hash ?? ProofHash.Start(Campaign), stored, last?.Seq);
            lines.Add(ProofHash.Line(stored, last?.Seq, ProofHash.Hex(hash)));
            last = new AuditLink(Campaign.Profile, Campaign.Id, stored.Seq, last?.Seq, (last?.Place ?? 0) + 1, hash);
        }

        return [ProofMark.Of(ProofMark.Head, last!).ToJson(), .. lines, ProofMark.Of(ProofMark.Checkpoint, last!).ToJson()];
    }

    private static LoggedEvent Stored(string line, string? data)
    {
        var one = JsonElement.Parse(line);
        return new LoggedEvent(
            one.GetProperty("seq").GetInt64(), one.GetProperty("streamId").GetGuid(), one.GetProperty("version").GetInt64(), "message_sent",
            Encoding.UTF8.GetBytes(data ?? one.GetProperty("data").GetRawText()), one.GetProperty("at").GetDateTimeOffset(), one.GetProperty("actor").GetString(), "c", null);
    }

    private static long Seq(string line) => JsonElement.Parse(line).GetProperty("seq").GetInt64();

    private static ProofVerdict Check(IReadOnlyList<string> lines) =>
        new ProofCheck(_ => Task.FromResult<LogCursor?>(null)).Run(lines.Select(line => JsonElement.Parse(line)).ToAsyncEnumerable()).GetAwaiter().GetResult();
}
