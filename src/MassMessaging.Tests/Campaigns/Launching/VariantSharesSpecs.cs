using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns.Launching;

namespace MassMessaging.Tests.Campaigns.Launching;

public sealed class VariantSharesSpecs
{
    [Fact]
    public void After_every_person_each_variant_has_its_share_to_within_less_than_one() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => IsFair(new Random(seed)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_hundred_people_are_dealt_out_exactly()
    {
        int[] shares = [34, 33, 20, 12, 1];

        Assert.Equal(shares.Select(share => (long)share), Deal(shares, Members(100)).Given);
    }

    [Fact]
    public void A_deal_goes_on_where_it_stopped_as_if_it_had_not()
    {
        int[] shares = [50, 30, 20];
        var members = Members(77);

        var whole = Places(new VariantShares(shares, new long[3]), members);
        var first = new VariantShares(shares, new long[3]);
        var parts = Places(first, members[..31]);
        parts.AddRange(Places(new VariantShares(shares, [.. first.Given]), members[31..]));

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Of_two_alike_the_member_decides_who_gets_which() // an import's rows may alternate
    {
        var places = Places(new VariantShares([50, 50], new long[2]), Members(200));

        Assert.InRange(Enumerable.Range(0, 100).Count(pair => places[2 * pair] == 0), 20, 80);
    }

    private static bool IsFair(Random random)
    {
        var shares = Shares(random);
        var given = new VariantShares(shares, new long[shares.Length]);
        for (var person = 1; person <= 250; person++)
        {
            given.Next(Id(random));
            if (given.Given.Where((count, place) => Math.Abs((100 * count) - (shares[place] * person)) >= 100).Any()) return false;
        }

        return true;
    }

    private static int[] Shares(Random random)
    {
        var count = random.Next(2, 6);
        int[] cuts = [0, .. Enumerable.Range(1, 99).OrderBy(_ => random.Next()).Take(count - 1).Order(), 100];
        return [.. cuts.Skip(1).Zip(cuts, (to, from) => to - from)];
    }

    private static VariantShares Deal(int[] shares, List<Guid> members)
    {
        var deal = new VariantShares(shares, new long[shares.Length]);
        Places(deal, members);
        return deal;
    }

    private static List<int> Places(VariantShares deal, List<Guid> members) => members.ConvertAll(deal.Next);

    private static List<Guid> Members(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => Id(random))];
    }

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
