using System.Globalization;
using System.Reflection;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.WebUtilities;

namespace MassMessaging.Http;

/// <summary>The part of a list that is asked for: <c>?limit=</c> and <c>?after=</c>, the last id of the page before.</summary>
public sealed record Page(int Limit, Guid? After)
{
    public const int Default = 1000;
    public const int Most = 5000;

    public static async ValueTask<Page> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = await Query.BindAsync(context, parameter);
        var page = new Page(query.Whole("limit", 1, Most) ?? Default, query.Id("after"));
        query.ThrowIfWrong();
        return page;
    }

    /// <summary>Counts on the first page only: start it before the rows are awaited, and both are read at once.</summary>
    public async Task<long?> Total(Func<Task<long>> count) => After is null ? await count() : null;

    /// <summary>The same by a query of one number.</summary>
    public Task<long?> Total(IStore store, string count, CancellationToken ct, params (string Name, object? Value)[] args) =>
        Total(async () => (await store.Query(count, row => row.GetInt64(0), ct, args))[0]);

    /// <summary>A bare array; <c>Link</c> leads on, and the first page tells the total in <c>X-Total-Count</c>.</summary>
    /// <param name="context">The request, for the link.</param>
    /// <param name="rows">Up to <see cref="Limit"/> + 1: the one too many says that there is more.</param>
    /// <param name="id">What the next page starts after.</param>
    /// <param name="total">Of all pages; only looked at on the first.</param>
    public IResult List<T>(HttpContext context, IReadOnlyList<T> rows, Func<T, Guid> id, long? total) =>
        List(context, rows, id, row => row, total);

    /// <summary>The same, where what a page starts after is not in the answer.</summary>
    public IResult List<TRow, TAnswer>(
        HttpContext context, IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, TAnswer> answer, long? total)
    {
        var headers = context.Response.Headers;
        if (rows.Count > Limit) headers.Link = Next(context.Request, id(rows[Limit - 1]).ToString());
        if (After is null && total is { } count) headers["X-Total-Count"] = count.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(rows.Take(Limit).Select(answer).ToList());
    }

    /// <summary>The <c>Link</c> header to the page behind <paramref name="after"/>.</summary>
    public static string Next(HttpRequest request, string after)
    {
        var query = request.Query
            .Where(pair => pair.Key != "after")
            .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
            .Append(KeyValuePair.Create("after", (string?)after));
        var address = QueryHelpers.AddQueryString($"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}", query);
        return $"<{address}>; rel=\"next\"";
    }
}
