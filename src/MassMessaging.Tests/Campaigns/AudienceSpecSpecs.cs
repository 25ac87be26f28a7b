using MassMessaging.Campaigns;
using MassMessaging.Http;

namespace MassMessaging.Tests.Campaigns;

public sealed class AudienceSpecSpecs
{
    [Fact]
    public void No_audience_is_nobody() => Assert.Same(AudienceSpec.Nobody, AudienceSpec.Read(null));

    [Fact]
    public void Every_field_is_read_and_survives_being_kept()
    {
        var id = Guid.CreateVersion7();
        var fields = Fields.Of($$"""
            {"audience":{"all":true,"clientIds":["{{id}}"],"labels":["afiliado"],"withoutContactDays":30,
             "excludeClientIds":["{{id}}"],"excludeCampaignIds":["{{id}}"],"notContactedSince":"2026-03-01T12:00:00Z" }
            }
            """);

        var kept = AudienceSpec.FromJson(AudienceSpec.Read(fields.Object("audience")).ToJson());

        Assert.False(fields.AreWrong);
        Assert.Equivalent(new AudienceSpec(All: true, [id], ["afiliado"], 30, [id], [id], Facts.Noon), kept, strict: true);
    }

    [Fact]
    public void Every_wrong_field_is_named()
    {
        var fields = Fields.Of("""
            {"audience":{"all":1,"clientIds":["x"],"labels":["vip"],"withoutContactDays":-1,"excludeClientIds":{},
             "excludeCampaignIds":[1],"notContactedSince":"yesterday"}}
            """);

        AudienceSpec.Read(fields.Object("audience"));

        string[] wrong = ["all", "clientIds", "labels", "withoutContactDays", "excludeClientIds", "excludeCampaignIds", "notContactedSince"];
        var problem = Assert.IsType<Problem>(fields.Problem());
        Assert.Equal(wrong.Select(name => $"audience.{name}").Order(), problem.Errors!.Keys.Order());
    }
}
