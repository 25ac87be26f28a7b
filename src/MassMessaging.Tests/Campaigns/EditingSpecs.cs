using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

public sealed class EditingSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(100);

    [Fact]
    public async Task Only_the_fields_given_are_changed()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft(name: "Marzo");

        var edited = await advisor.Put($"/api/campaigns/{draft}", new { name = "Abril" });

        edited.Is(HttpStatusCode.OK);
        Assert.Equal(("Abril", "ventas", "\"2\""), (edited["name"].GetString(), edited["objective"].GetString(), edited.ETag));
    }

    [Fact]
    public async Task What_is_required_cannot_be_emptied()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();

        var refused = await advisor.Put($"/api/campaigns/{draft}", new { name = "", objective = (string?)null, messageContent = " " });

        refused.Is(HttpStatusCode.BadRequest);
        Assert.Equal(["messageContent", "name", "objective"], refused.WrongFields);
    }

    [Fact]
    public async Task An_edit_of_what_has_changed_meanwhile_fails()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();
        (await advisor.Put($"/api/campaigns/{draft}", new { name = "Abril" }, ifMatch: "\"1\"")).Is(HttpStatusCode.OK);

        var late = await advisor.Put($"/api/campaigns/{draft}", new { name = "Mayo" }, ifMatch: "\"1\"");

        late.Is(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal("Abril", (await advisor.Get($"/api/campaigns/{draft}"))["name"].GetString());
    }

    [Fact]
    public async Task A_template_gives_its_text_to_an_edit()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();
        var template = await advisor.Post("/api/campaign-templates", new { name = "Saludo", content = "Buen día" });

        var edited = await advisor.Put($"/api/campaigns/{draft}", new { templateId = template.Id });

        Assert.Equal(("Buen día", template.Id), (edited["messageContent"].GetString(), edited["templateId"].GetGuid()));
    }

    [Fact]
    public async Task A_start_of_null_makes_a_scheduled_campaign_a_draft()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();
        (await advisor.Post($"/api/campaigns/{draft}/schedule", new { scheduledAt = Start })).Is(HttpStatusCode.OK);

        var edited = await advisor.Put($"/api/campaigns/{draft}", new { scheduledAt = (string?)null });

        Assert.Equal(("draft", System.Text.Json.JsonValueKind.Null), (edited["status"].GetString(), edited["scheduledAt"].ValueKind));
    }

    [Fact]
    public async Task A_cancelled_campaign_takes_no_edit_no_start_and_no_deletion()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();
        (await advisor.Post($"/api/campaigns/{draft}/cancel")).Is(HttpStatusCode.OK);

        var edit = await advisor.Put($"/api/campaigns/{draft}", new { name = "Abril" });

        edit.Is(HttpStatusCode.Conflict, "campaign-not-editable");
        Assert.Equal("cancelled", edit["currentStatus"].GetString());
        var schedule = await advisor.Post($"/api/campaigns/{draft}/schedule", new { scheduledAt = Start });
        schedule.Is(HttpStatusCode.Conflict, "campaign-not-schedulable");
        (await advisor.Delete($"/api/campaigns/{draft}")).Is(HttpStatusCode.Conflict, "campaign-not-draft");
    }

    [Fact]
    public async Task A_draft_is_scheduled()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();

        var scheduled = await advisor.Post($"/api/campaigns/{draft}/schedule", new { scheduledAt = Start });

        scheduled.Is(HttpStatusCode.OK);
        Assert.Equal(("scheduled", Start), (scheduled["status"].GetString(), scheduled["scheduledAt"].GetDateTimeOffset()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("tomorrow")]
    public async Task A_start_must_be_a_time_to_come(string? scheduledAt)
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();

        var refused = await advisor.Post($"/api/campaigns/{draft}/schedule", new { scheduledAt });

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["scheduledAt"], refused.WrongFields);
    }

    [Fact]
    public async Task A_deleted_draft_is_gone_with_all_that_it_ever_said()
    {
        var advisor = await Advisor.Of(app);
        var draft = await advisor.HasDraft();
        await advisor.Put($"/api/campaigns/{draft}", new { name = "Abril" });

        (await advisor.Delete($"/api/campaigns/{draft}")).Is(HttpStatusCode.NoContent);

        (await advisor.Get($"/api/campaigns/{draft}")).Is(HttpStatusCode.NotFound);
        (await advisor.Delete($"/api/campaigns/{draft}")).Is(HttpStatusCode.NotFound);
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from campaign_content where campaign_id = '{draft}'"));
    }

    [Fact]
    public async Task A_copy_is_a_draft_that_says_the_same_to_the_same_audience()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var source = await advisor.HasDraft(new { all = true });
        await advisor.Post($"/api/campaigns/{source}/cancel");

        var copy = await advisor.Post($"/api/campaigns/{source}/clone");

        copy.Is(HttpStatusCode.Created);
        Assert.NotEqual(source, copy.Id);
        Assert.Equal(
            ("Marzo (copia)", "draft", "Hola {nombre_cliente}"),
            (copy["name"].GetString(), copy["status"].GetString(), copy["messageContent"].GetString()));
        Assert.Equal(1, (await advisor.Post($"/api/campaigns/{copy.Id}/preview"))["included"].GetInt32());
    }

    [Fact]
    public async Task Another_advisor_finds_nothing_of_it()
    {
        var campaign = await (await Advisor.Of(app)).HasDraft();
        var other = await Advisor.Of(app);
        var path = $"/api/campaigns/{campaign}";

        Answer[] answers =
        [
            await other.Get(path), await other.Put(path, new { name = "x" }), await other.Put(path, new { name = "x" }, ifMatch: "\"1\""),
            await other.Delete(path), await other.Post($"{path}/schedule", new { scheduledAt = Start }), await other.Post($"{path}/clone"),
            await other.Post($"{path}/preview"), await other.Post($"{path}/send"), await other.Post($"{path}/pause"),
            await other.Post($"{path}/resume"), await other.Post($"{path}/cancel"), await other.Get($"{path}/audience"),
            await other.Get($"{path}/audience/{Guid.NewGuid()}"), await other.Get($"{path}/excluded"), await other.Get($"{path}/events"),
        ];

        Assert.All(answers, answer => answer.Is(HttpStatusCode.NotFound, "not-found"));
        Assert.Equal(0, (await other.Get("/api/campaigns")).Body.GetArrayLength());
    }

    [Fact]
    public async Task Nobody_is_told_anything_without_signing_in() =>
        (await new Advisor(app.Anonymous()).Get("/api/campaigns")).Is(HttpStatusCode.Unauthorized, "not-signed-in");

    [Fact]
    public async Task An_If_Match_says_nothing_about_a_campaign_that_is_new_or_gone()
    {
        var advisor = await Advisor.Of(app);
        var source = await advisor.HasDraft();

        var created = await Stray(advisor, HttpMethod.Post, "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola" });
        var cloned = await Stray(advisor, HttpMethod.Post, $"/api/campaigns/{source}/clone", new { });
        await advisor.Delete($"/api/campaigns/{source}");
        var gone = await Stray(advisor, HttpMethod.Put, $"/api/campaigns/{source}", new { name = "Abril" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.NotFound), (created, cloned, gone));
    }

    private static async Task<HttpStatusCode> Stray(Advisor advisor, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"7\"");
        using var answer = await advisor.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
