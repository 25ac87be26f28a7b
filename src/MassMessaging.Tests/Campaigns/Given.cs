using MassMessaging.Kernel;

namespace MassMessaging.Tests.Campaigns;

/// <summary>Given these facts, when this is decided, then these facts (and messages) follow, or this refusal.</summary>
public sealed record Given<T>(params object[] Facts)
    where T : IAggregate<T>
{
    public T State => Facts.Aggregate(T.Initial, T.Evolve);

    public Then When(Func<T, Decision> decide) => new(decide(State));
}

public sealed record Then(Decision Decision)
{
    private Decision.Accepted Accepted => Assert.IsType<Decision.Accepted>(Decision);

    public Then Follows(params object[] events)
    {
        Assert.Equal(events, Accepted.Events);
        return this;
    }

    public Then Sends(params Outgoing[] messages)
    {
        Assert.Equal(messages, Accepted.Messages);
        return this;
    }

    public void Nothing() => Follows().Sends();

    public void IsRefused(string code) => Assert.Equal(code, Assert.IsType<Decision.Refused>(Decision).Code);
}
