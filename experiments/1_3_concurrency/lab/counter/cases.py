"""What each case asks of a counter and of a proof, and what it says when something else came."""

from coursework import case, speed

RIGHT = "nothing"


def books(probe, seen, sold, takings):
    probe.expect("tickets in the books", came=seen.one("sold"), expected=sold)
    probe.expect("money in the books", came=seen.one("takings"), expected=takings)


def sell_at_once(probe):
    before, price = probe.random.randint(1, 6), probe.random.randint(3, 30)
    seen = probe.run("sales_at_once", [20, before, price])
    probe.expect("the numbers of two tickets, the second of which was asked for while the first was being printed",
                 came=sorted(seen["first_ticket"] + seen["second_ticket"]), expected=[before + 1, before + 2])
    books(probe, seen, before + 2, (before + 2) * price)


@case("works", 8, "Two sales at once are two tickets",
      look_at="sell(), between the line that reads `sold` and the line that writes it: a second clerk reads the same number there. "
              "Both lines belong under one lock, and so does all that lies between them.")
def two_tickets(probe):
    sell_at_once(probe)


@case("works", 7, "The last ticket is sold once",
      look_at="the check whether a seat is left. It is true when it is made; is it still true when the ticket is sold? Check and sale "
              "must be under the same lock, without a gap.")
def last_ticket(probe):
    before, price = probe.random.randint(1, 6), probe.random.randint(3, 30)
    seen = probe.run("sales_at_once", [1, before, price])
    probe.expect("what two clerks got, who both asked for the last ticket (0: sold out)",
                 came=sorted(seen["first_ticket"] + seen["second_ticket"]), expected=[0, before + 1])
    books(probe, seen, before + 1, (before + 1) * price)


@case("works", 7, "The books are of one moment",
      look_at="totals(): two numbers that belong together are read one after the other. An atomic for each doesn't help, for a sale can "
              "lie between the two reads. Read both under the lock that a whole sale is made under.")
def one_moment(probe):
    sales, price = probe.random.randint(4, 8), probe.random.randint(3, 30)
    seen = probe.run("totals_in_a_sale", [price, sales])
    probe.expect_true("what a reader saw who looked at the books while a sale was under way",
                      set(seen["reader"]) == {"whole sales"}, came=", ".join(map(str, seen["reader"])),
                      expected="whole sales, each time")
    books(probe, seen, sales, sales * price)


@case("works", 8, "Four clerks sell out the house",
      look_at="everything that more than one thread touches: `sold`, `takings`, the devices. In the tsan build ThreadSanitizer prints "
              "the two lines that race, and the threads that ran them.",
      flavours=("release", "tsan"))
def sold_out(probe):
    each = 40
    seats = probe.random.randint(120, 150)
    seen = probe.run("crowd", [4, each, seats])
    tickets = [ticket for ticket in seen["ticket"] if ticket]
    probe.expect("tickets sold", came=len(tickets), expected=seats)
    probe.expect("different numbers among them", came=len(set(tickets)), expected=seats)
    probe.expect("how often a reader of the books saw half a sale", came=len(seen["half_a_sale"]), expected=0)
    books(probe, seen, seats, 5 * seats)


def finds(probe, name, what):
    seen = probe.run("proof", word=name)
    probe.expect_true(f"what find_race() said of a counter that {what}", seen.one("found") not in (RIGHT, None),
                      came=seen.one("found"), expected="a sentence: what is wrong with it")


def clears(probe, *names):
    for name in names:
        seen = probe.run("proof", word=name)
        probe.expect("what find_race() said of a counter that is right" + (", and slow" if name == "slow" else ""),
                     came=seen.one("found"), expected=RIGHT)


@case("works", 8, "The proof finds a lost update",
      look_at="find_race(): does it sell from several threads, at the same moment? Let the devices that you pass to open() sleep for some "
              "microseconds: then whoever is in a sale makes room for the others, and the race comes for certain.")
def proof_of_lost_update(probe):
    finds(probe, "lost_update", "has no lock at all, as the one that you were given")
    clears(probe, "right")
    seen = probe.run("proof_of_yours")
    probe.expect("what find_race() said of your own counter", came=seen.one("found"), expected=RIGHT)


@case("works", 8, "The proof finds books that are seen half written",
      look_at="find_race(): afterwards all is right, so only somebody who reads totals() *while* tickets are sold can see it. "
              "What must always hold between the two numbers?")
def proof_of_torn_books(probe):
    finds(probe, "torn", "lets a reader look into a sale")
    clears(probe, "right")


# BEGIN HIDDEN TESTS
@case("works", 5, "The proof finds a house that is oversold",
      look_at="find_race(): what does it do when there are fewer seats than clerks ask for? Count how many of them got a ticket.")
def proof_of_overselling(probe):
    finds(probe, "oversold", "looks whether a seat is left before it takes the lock")
    clears(probe, "right")


@case("works", 5, "The proof finds two tickets with one number",
      look_at="find_race(): the totals can be right although two clerks were told the same number. Collect what sell() returned.")
def proof_of_same_number(probe):
    finds(probe, "same_number", "reads the ticket's number after the sale, without the lock")
    clears(probe, "right")
# END HIDDEN TESTS


@case("robust", 6, "A device that fails leaves nothing sold, and nothing locked",
      look_at="what is done before the device that throws, and who takes it back. Enter into the books last, when nothing can fail "
              "any more; and let a std::lock_guard unlock, which an exception can't pass by.")
def device_fails(probe):
    prices = [probe.random.randint(3, 30) for _ in range(probe.random.randint(2, 5))]
    seen = probe.run("device_fails", prices)
    count = len(prices)
    probe.expect("what sell() came to: some sales, one without paper, one with a drawer that sticks, one that is right again",
                 came=seen["ticket"], expected=[*range(1, count + 1), "no paper", "the drawer sticks", count + 1])
    books(probe, seen, count + 1, sum(prices) + 1)


# BEGIN HIDDEN TESTS
def no_move_half_done(probe):
    one, other, amount = (probe.random.randint(20, 90) for _ in range(3))
    seen = probe.run("both_in_a_move", [one, other, amount])
    probe.expect_true("the money in both tills, as seen while some of it was being moved", set(seen["of_both"]) == {one + other},
                      came=", ".join(map(str, seen["of_both"])), expected=f"{one + other}, each time")
    probe.expect("the two tills afterwards", came=[seen.one("one"), seen.one("other")], expected=[one - amount, other + amount])


@case("robust", 7, "Money moves both ways at once, without a deadlock",
      look_at="move_takings(): one thread holds the first lock and waits for the second, another the other way round, and both wait for "
              "ever. std::scoped_lock takes several locks without that; or always take them in one order, such as by address.")
def both_ways(probe):
    no_move_half_done(probe)
    amount = probe.random.randint(2, 90)
    seen = probe.run("moves_both_ways", [amount, 200])
    at_one = 1000 - amount + 1
    probe.expect("the first till after a move out, and a move in that began meanwhile", came=seen.one("after_two"), expected=at_one)
    probe.expect("the first till after 600 moves each way, by six threads at once", came=seen.one("after_many"), expected=at_one)
    probe.expect("the first till after a move to itself", came=seen.one("to_itself"), expected=at_one)
    probe.expect("both tills", came=seen.one("of_both"), expected=2000)


@case("robust", 5, "No move is seen half done",
      look_at="totals_of_both() and move_takings(): between the two tills the money is nowhere. Both functions must hold both locks at "
              "the same time, from the first step to the last.")
def move_seen_whole(probe):
    no_move_half_done(probe)


@case("robust", 4, "One counter doesn't hold up another",
      look_at="how many locks there are. One for all counters is right, and makes strangers wait for each other: each counter needs its own.")
def two_counters(probe):
    seen = probe.run("two_counters")
    probe.expect("a sale at another counter, while one is under way here", came=seen.one("at_the_other"), expected="sold meanwhile")
    probe.expect("a sale at the same counter, while one is under way here", came=seen.one("at_this"), expected="held up")
    books(probe, seen, 2, 6)


@case("robust", 4, "Tickets are printed one at a time, in order",
      look_at="what the lock holds. The number is taken and printed in one go: if the printer comes after the lock, a later ticket can "
              "overtake an earlier one, and two can be in the printer at once.")
def printed_in_order(probe):
    seats = probe.random.randint(80, 100)
    seen = probe.run("crowd", [4, 30, seats])
    probe.expect("tickets that were in the printer together with another", came=len(seen["together"]), expected=0)
    probe.expect("the order in which they were printed", came=seen["printed"], expected=list(range(1, seats + 1)))


@case("robust", 4, "The proof finds money that is lost",
      look_at="find_race(): compare `takings` with what the tickets cost, when all clerks have gone home.")
def proof_of_lost_money(probe):
    finds(probe, "takings_lost", "adds up the money without the lock")
    clears(probe, "slow")


@case("robust", 4, "The proof finds two tickets in one printer",
      look_at="find_race(): the books don't show this one. The devices are yours: what can they notice when they are called?")
def proof_of_printing(probe):
    finds(probe, "two_at_the_printer", "prints outside the lock")
    clears(probe, "slow")


@speed(10, "Sells at least half as fast as the reference", probe="many_sales", numbers=[500_000], at_least=0.5,
       look_at="what each sale pays beside the lock: several locks, or a wait that sleeps for a fixed time? One std::mutex, taken once "
               "for each sale, is what the reference has.")
def sales_speed(probe):
    sell_at_once(probe)  # fast and wrong is wrong
# END HIDDEN TESTS
