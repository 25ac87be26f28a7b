using System.Globalization;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <summary>A message that spent its attempts. What it says is not shown: it may hold personal data.</summary>
/// <param name="Attempts">Before it was given up.</param>
/// <param name="Error">Type and codes of what its last attempt failed with.</param>
public sealed record DeadLetterAnswer(
    Guid Id, string Queue, string Type, string? Key, int Attempts, DateTimeOffset ScheduledFor, DateTimeOffset DeadAt, string? Error);

/// <summary><c>/api/operations/dead-letters</c>: an advisor's own, an operator's all.</summary>
public static class DeadLetterRoutes
{
    private const string IdPrefix = "00000000-0000-8000-8000-";

    public static void Map(IEndpointRouteBuilder operations)
    {
        operations.MapGet("/dead-letters", List)
            .Documented("listDeadLetters", "Messages that spent their attempts, newest first.", "validation-failed").Produces<DeadLetterAnswer[]>();
        operations.MapPost("/dead-letters/{id:guid}/replay", Replay)
            .Documented("replayDeadLetter", "Has it handled again at once, with all its attempts.").Produces(StatusCodes.Status202Accepted);
        operations.MapDelete("/dead-letters/{id:guid}", Discard)
            .Documented("discardDeadLetter", "Gives it up for good.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(
        HttpContext context, Caller caller, Page page, Operators operators, DeadLetters letters, CancellationToken ct)
    {
        var whose = await Whose(caller, operators, ct);
        var rows = await letters.Newest(page.Limit + 1, page.After is { } after ? NumberOf(after) ?? 0 : null, whose, ct);
        return page.List(context, rows, letter => IdOf(letter.Id), Answer, await page.Total(() => letters.Count(whose, ct)));
    }

    private static async Task<IResult> Replay(Guid id, Caller caller, Operators operators, DeadLetters letters, CancellationToken ct) =>
        await Owned(id, caller, operators, letters, ct) is { } number && await letters.Replay([number], ct) > 0
            ? TypedResults.Accepted((string?)null)
            : Problems.NotFound();

    private static async Task<IResult> Discard(Guid id, Caller caller, Operators operators, DeadLetters letters, CancellationToken ct) =>
        await Owned(id, caller, operators, letters, ct) is { } number && await letters.Discard([number], ct) > 0
            ? TypedResults.NoContent()
            : Problems.NotFound();

    private static async Task<long?> Owned(Guid id, Caller caller, Operators operators, DeadLetters letters, CancellationToken ct) =>
        NumberOf(id) is { } number && await letters.Has(number, await Whose(caller, operators, ct), ct) ? number : null;

    private static async Task<Guid?> Whose(Caller caller, Operators operators, CancellationToken ct) =>
        await operators.Include(caller, ct) ? null : caller.ProfileId;

    private static DeadLetterAnswer Answer(DeadLetter letter) => new(
        IdOf(letter.Id), letter.Queue, letter.Type, letter.Key, letter.Attempts, letter.ScheduledFor, letter.DeadAt, letter.Error);

    // Ids are UUIDs, here as everywhere; a message has a number.
    private static Guid IdOf(long number) => Guid.Parse(IdPrefix + number.ToString("x12", CultureInfo.InvariantCulture));

    private static long? NumberOf(Guid id) =>
        id.ToString("D").StartsWith(IdPrefix, StringComparison.Ordinal)
            ? long.Parse(id.ToString("D").AsSpan(IdPrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;
}
